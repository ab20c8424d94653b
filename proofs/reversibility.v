(* Problem 3: can momentum be run backwards? For every number D of parameters.

   theta, p and the gradient are columns of D numbers, 'cV_D; a Hessian is any D x D matrix, 'M_D.
   block_mx A B C E is the matrix of the blocks (A B; C E), beta%:M is beta times the identity,
   *: multiplies by a number, *m is the product of matrices, and \rank and \det say what they say. *)
From mathcomp Require Import all_ssreflect all_algebra zify ring.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Step.
Variables (R : comRingType) (D : nat) (gradient : 'cV[R]_D -> 'cV[R]_D) (alpha beta : R).
Definition state := ('cV[R]_D * 'cV[R]_D)%type.

(* A step takes (theta, p) to (theta', p'), with the new velocity. *)
Definition step (s : state) : state :=
  let: (theta, p) := s in
  let p' := beta *: p - alpha *: gradient theta in (theta + p', p').

(* theta is theta' less p'. For: every D, every gradient, every alpha and beta, beta = 0 too. *)
Theorem momentum_theta_inverse (s : state) : s.1 = (step s).1 - (step s).2.
Proof. by case: s => theta p /=; rewrite addrK. Qed.

Section Jacobian. Variable hessian : 'M[R]_D.

(* The Jacobian of the step: rows for theta' and p', columns for theta and p. *)
Definition jacobian : 'M[R]_(D + D) :=
  block_mx (1%:M - alpha *: hessian) beta%:M
           (- (alpha *: hessian))    beta%:M.

(* What the solution has: the bottom half twice. *)
Definition identical_halves : 'M[R]_(D + D) :=
  block_mx (- (alpha *: hessian)) beta%:M
           (- (alpha *: hessian)) beta%:M.

(* The Jacobian is the derivative of the step: if the gradient moves by e times the Hessian times v where theta moves by
   e times v (in first order, where e * e = 0; for a quadratic J, whatever e), then the step moves by e times the
   Jacobian times the move of the state. For: every D, alpha and beta, every number e, every gradient that moves so. *)
Theorem jacobian_halves_of_the_step (e : R) (theta p dtheta dp : 'cV[R]_D) :
  (forall v, gradient (theta + e *: v) = gradient theta + e *: (hessian *m v)) ->
  let s' := step (theta, p) in
  let moved := step (theta + e *: dtheta, p + e *: dp) in
  col_mx moved.1 moved.2 = col_mx s'.1 s'.2 + e *: (jacobian *m col_mx dtheta dp).
Proof. move=> slope /=; rewrite slope /jacobian mul_block_col scale_col_mx add_col_mx.
rewrite mulmxBl mul1mx !mulNmx -!scalemxAl !mul_scalar_mx. move: (gradient _) (_ *m _) => g Hv.
by congr col_mx; apply/matrixP => i j; rewrite !mxE;
  move: (theta i j) (p i j) (dtheta i j) (dp i j) (g i j) (Hv i j) => *; ring. Qed.

(* The top half is the bottom half plus (I 0). For: every D, Hessian, alpha and beta, beta = 0 too. *)
Theorem jacobian_halves : usubmx jacobian = dsubmx jacobian + row_mx 1%:M 0.
Proof. by rewrite /jacobian block_mxEv col_mxKu col_mxKd add_row_mx addr0 addrC. Qed.

(* The matrix with identical halves is the Jacobian of the change of theta and of p'.
   For: every D, every alpha and beta, every number e, every gradient that moves so. *)
Theorem jacobian_halves_of_the_change (e : R) (theta p dtheta dp : 'cV[R]_D) :
  (forall v, gradient (theta + e *: v) = gradient theta + e *: (hessian *m v)) ->
  let change s := ((step s).1 - s.1, (step s).2) in let s' := change (theta, p) in
  let moved := change (theta + e *: dtheta, p + e *: dp) in
  col_mx moved.1 moved.2 = col_mx s'.1 s'.2 + e *: (identical_halves *m col_mx dtheta dp).
Proof. move=> slope; have /(congr1 dsubmx) /= := jacobian_halves_of_the_step p dtheta dp slope.
rewrite !(addrC _ (beta *: _ - _)) !addrK /jacobian mul_block_col scale_col_mx add_col_mx !col_mxKd => low.
by rewrite low /identical_halves mul_block_col scale_col_mx add_col_mx. Qed.

(* The claim is wrong: the halves are not identical; on the page, for one parameter, J = 0.
   For: every D > 0, Hessian, alpha and beta. *)
Theorem jacobian_halves_wrong : (0 < D)%N -> usubmx jacobian <> dsubmx jacobian.
Proof. move=> D_pos; rewrite jacobian_halves => /(canRL (addKr _)); rewrite addNr.
by move/matrixP/(_ (Ordinal D_pos) (lshift D (Ordinal D_pos)))/eqP; rewrite row_mxEl !mxE eqxx oner_eq0. Qed.

(* The Jacobian is the product of two triangular factors, one for each line of the step.
   For: every D, Hessian, alpha and beta. *)
Theorem jacobian_determinant_two_factors :
  jacobian = block_mx 1%:M 1%:M 0 1%:M *m block_mx 1%:M 0 (- (alpha *: hessian)) beta%:M.
Proof. by rewrite mulmx_block !mul1mx !mul0mx !add0r. Qed.

(* The determinant of the Jacobian is beta to the power D. For: every D, Hessian, alpha and beta. *)
Theorem jacobian_determinant : \det jacobian = beta ^+ D.
Proof. by rewrite jacobian_determinant_two_factors det_mulmx det_ublock det_lblock !det1 !mul1r det_scalar. Qed.

(* The matrix with identical halves has the determinant 0. For: every D > 0, Hessian, alpha and beta. *)
Theorem jacobian_determinant_of_identical_halves : (0 < D)%N -> \det identical_halves = 0.
Proof. move=> D_pos. have -> : identical_halves
        = block_mx 1%:M 0 1%:M 1%:M *m block_mx (- (alpha *: hessian)) beta%:M 0 0.
  by rewrite mulmx_block !mul1mx !mul0mx !addr0.
rewrite det_mulmx det_ublock -(scale0r 1%:M) detZ expr0n. by rewrite eqn0Ngt D_pos mul0r !mulr0. Qed.

(* The matrix (I I; -alpha H beta I), the Jacobian if theta moved with the old velocity, has the determinant of
   beta I + alpha H, where H is the Hessian. For: every D, Hessian, alpha and beta. *)
Theorem old_velocity_determinant : let G := alpha *: hessian in
  \det (block_mx 1%:M 1%:M (- G) beta%:M : 'M[R]_(D + D)) = \det (beta%:M + G).
Proof. move=> G; have -> : block_mx 1%:M 1%:M (- G) beta%:M
        = block_mx 1%:M 0 (- G) 1%:M *m block_mx 1%:M 1%:M 0 (beta%:M + G).
  by rewrite mulmx_block !mul1mx !mulmx1 !mulmx0 !mul0mx !addr0 addrCA addNr addr0.
by rewrite det_mulmx det_ublock det_lblock !det1 !mul1r. Qed.

(* The matrix (I - alpha H, beta (I - alpha H); -alpha H, beta (I - alpha H)), the Jacobian of Nesterov's step, has the
   determinant of beta (I - alpha H). For: every D, Hessian, alpha and beta. *)
Theorem nesterov_determinant : let G := alpha *: hessian in let S := beta *: (1%:M - G) in
  \det (block_mx (1%:M - G) S (- G) S : 'M[R]_(D + D)) = \det S.
Proof. move=> G S. have -> : block_mx (1%:M - G) S (- G) S = block_mx 1%:M 1%:M 0 1%:M *m block_mx 1%:M 0 (- G) S.
  by rewrite mulmx_block !mul1mx !mul0mx !add0r.
by rewrite det_mulmx det_ublock det_lblock !det1 !mul1r. Qed.
End Jacobian.
End Step.

(* With beta^-1 there is a way back: in a field for every beta other than 0. *)
Section WayBack.
Variables (R : comUnitRingType) (D : nat) (gradient : 'cV[R]_D -> 'cV[R]_D) (alpha beta : R).
Local Notation step := (step gradient alpha beta).

(* The way back, by the two formulas of part a. *)
Definition unstep (s : state R D) : state R D :=
  let: (theta', p') := s in
  let theta := theta' - p' in (theta, beta^-1 *: (p' + alpha *: gradient theta)).

(* The way back leads back, from and to every state: p is (p' + alpha gradient(theta)) / beta.
   For: every D and beta that has an inverse, every gradient and alpha. *)
Theorem momentum_p_inverse s : beta \is a GRing.unit -> unstep (step s) = s /\ step (unstep s) = s.
Proof. by case: s => theta p unit; rewrite /= !(addrK, subrK, scalerA, mulVr, mulrV, scale1r). Qed.

(* The inverse matrix is the Jacobian of the way back, and its determinant is beta to the power -D.
   For: every D, Hessian and alpha, every beta that has an inverse, every number e, every gradient that moves so. *)
Theorem inverse_jacobian_determinant hessian (e : R) theta p (w : 'cV_(D + D)) : beta \is a GRing.unit ->
  (forall v, gradient (theta + e *: v) = gradient theta + e *: (hessian *m v)) ->
  let s' := step (theta, p) in
  let moved := unstep (s'.1 + e *: usubmx w, s'.2 + e *: dsubmx w) in
  let inverse := invmx (jacobian alpha beta hessian) in
  col_mx moved.1 moved.2 = col_mx theta p + e *: (inverse *m w) /\ \det inverse = beta ^- D.
Proof. move=> nz slope s' moved inverse; rewrite det_inv jacobian_determinant; split=> //.
have unit : jacobian alpha beta hessian \in unitmx by rewrite unitmxE jacobian_determinant unitrX.
have := jacobian_halves_of_the_step alpha beta p (usubmx (inverse *m w)) (dsubmx (inverse *m w)) slope.
rewrite vsubmxK mulKVmx // => moves.
have image : step (theta + e *: usubmx (inverse *m w), p + e *: dsubmx (inverse *m w))
    = (s'.1 + e *: usubmx w, s'.2 + e *: dsubmx w).
  rewrite [LHS]surjective_pairing; congr (_, _); [move/(congr1 usubmx): moves | move/(congr1 dsubmx): moves];
  by rewrite !linearD !linearZ /= ?col_mxKu ?col_mxKd.
by rewrite /moved -image (momentum_p_inverse _ nz).1 -add_col_mx -scale_col_mx vsubmxK. Qed.
End WayBack.

Section OverAField.
Variables (F : fieldType) (D : nat) (gradient : 'cV[F]_D -> 'cV[F]_D) (alpha beta : F).
Implicit Types hessian : 'M[F]_D.
Local Notation step := (step gradient alpha beta).

(* At beta = 0 no function at all leads back: the states (0, 0) and (0, 1) have one image.
   For: every D > 0, every gradient, every alpha, beta = 0. *)
Theorem momentum_p_inverse_at_zero : (0 < D)%N -> beta = 0 ->
  ~ exists back : state F D -> state F D, forall s, back (step s) = s.
Proof. move=> D_pos beta0 [back undo]. have one_image : step (0, const_mx 1) = step (0, 0) by rewrite /= beta0 !scale0r.
have /(congr1 snd) : (0, const_mx 1) = (0, 0) :> state F D by rewrite -[LHS]undo one_image undo.
by move/matrixP/(_ (Ordinal D_pos) 0); rewrite !mxE => /eqP; rewrite oner_eq0. Qed.

(* The rank of the Jacobian is 2D. For: every D and beta other than 0, every Hessian and alpha. *)
Theorem jacobian_rank hessian : beta != 0 -> \rank (jacobian alpha beta hessian) = (2 * D)%N.
Proof. move=> nz; rewrite mul2n -addnn; apply: mxrank_unit. by rewrite unitmxE jacobian_determinant unitfE expf_neq0.
Qed.

(* The claim is wrong: the rank is not D; on the page it is 2, for one parameter, J = 0 and beta = 1/2.
   For: every D > 0, Hessian and alpha, every beta other than 0. *)
Theorem jacobian_rank_wrong hessian : (0 < D)%N -> beta != 0 -> \rank (jacobian alpha beta hessian) <> D.
Proof. by move=> D_pos nz; rewrite jacobian_rank //; lia. Qed.

(* The claim is wrong: the determinant is not 0; on the page it is 1/2, for one parameter, J = 0 and beta = 1/2.
   For: every D, Hessian and alpha, every beta other than 0. *)
Theorem jacobian_determinant_wrong hessian : beta != 0 -> \det (jacobian alpha beta hessian) <> 0.
Proof. by move=> nz; rewrite jacobian_determinant; apply/eqP; rewrite expf_neq0. Qed.

(* The matrix with identical halves has rank D. For: every D, Hessian and alpha, every beta other than 0. *)
Theorem jacobian_rank_of_identical_halves hessian : beta != 0 -> \rank (identical_halves alpha beta hessian) = D.
Proof. move=> nz; rewrite /identical_halves block_mxEv -addsmxE (addsmx_idPr (submx_refl _)).
apply/eqP; rewrite eqn_leq rank_leq_row /=.
have full : \rank (row_mx (- (alpha *: hessian)) beta%:M *m col_mx 0 (1%:M : 'M_D)) = D.
  by rewrite mul_row_col mulmx0 add0r mulmx1 mxrank_unit // unitmxE det_scalar unitfE expf_neq0.
by rewrite -[X in (X <= _)%N]full mxrankM_maxl. Qed.

(* At beta = 0 the Jacobian of the step has rank D. For: every D, Hessian and alpha, beta = 0. *)
Theorem jacobian_rank_at_zero hessian : beta = 0 -> \rank (jacobian alpha beta hessian) = D.
Proof. move=> ->; rewrite jacobian_determinant_two_factors eqmxMfull; last first.
  by rewrite row_full_unit unitmxE det_ublock !det1 mulr1 unitr1.
have -> : block_mx 1%:M 0 (- (alpha *: hessian)) 0%:M
        = col_mx (row_mx 1%:M 0) (- (alpha *: hessian) *m row_mx 1%:M 0 : 'M_(D, D + D)).
  by rewrite mul_mx_row mulmx1 mulmx0 block_mxEv raddf0.
rewrite -addsmxE (addsmx_idPl (submxMl _ _)); apply/eqP/row_freeP.
by exists (col_mx 1%:M 0); rewrite mul_row_col mulmx1 mulmx0 addr0. Qed.

(* Exactly one of the two is so: some function undoes the step, or the matrix that is its Jacobian is singular.
   For: every D > 0, every gradient, Hessian, alpha and beta. *)
Theorem reversible_or_singular hessian : (0 < D)%N ->
  (exists back : state F D -> state F D, forall s, back (step s) = s) <-> \det (jacobian alpha beta hessian) <> 0.
Proof. move=> D_pos; have singular : (\det (jacobian alpha beta hessian) == 0) = (beta == 0).
  by rewrite jacobian_determinant expf_eq0 D_pos.
split=> [undone /eqP|/eqP]; rewrite singular; first by move=> /eqP /(momentum_p_inverse_at_zero D_pos).
by rewrite -unitfE => unit; exists (unstep gradient alpha beta) => s; apply: (momentum_p_inverse _ _ s unit).1. Qed.

End OverAField.

(* One parameter, J = theta^2, alpha = 1/4, beta = 0: the states (4, 0) and (4, 5) have the image (2, -2). 4%:R%:M is
   the column with the one number 4. For: the counterexample of the page, in rational numbers. *)
Theorem momentum_p_inverse_counterexample :
  let step := @step [comRingType of rat] 1 (fun theta => 2%:R *: theta) 4%:R^-1 0 in
  step (4%:R%:M, 0) = (2%:R%:M, (- 2%:R)%:M) /\ step (4%:R%:M, 5%:R%:M) = (2%:R%:M, (- 2%:R)%:M).
Proof. by split; congr (_, _); apply/matrixP => i j; rewrite !ord1 !mxE. Qed.
