(* Problem 1: the gradient of an LSTM. For every number T of steps, D of inputs and U of hidden units, and every batch
   of B rows; the univariate LSTM is B = D = U = 1.

   x *m w is x times w, a o b is element by element, ^T transposes, and <<a, b>> is the sum of the products of entries.
   A derivative is taken with a number e of a commutative ring in which e * e = 0, as in a + b e with real a and b: if a
   function takes z + e d to f(z) + e s d, then s is its slope at z. (Among the real numbers alone only 0 is such an e,
   and nothing is said.) Of sigma and tanh nothing is known but their slopes. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

(* The six quantities of a step: i, f, o, g, c and h. *)
Inductive quantity := I | F | O | G | C | H.
Definition same (Q P : quantity) : bool :=
  match Q, P with I, I | F, F | O, O | G, G | C, C | H, H => true | _, _ => false end.
Definition is_gate Q := if Q is (C | H) then false else true.

Section Pairing. Variable R : comRingType.
Definition times m n (a b : 'M[R]_(m, n)) := \matrix_(i, j) (a i j * b i j).
Definition pairing m n (a b : 'M[R]_(m, n)) := \sum_i \sum_j a i j * b i j.
End Pairing.
Notation "a 'o' b" := (times a b) (at level 40, left associativity).
Notation "<< a , b >>" := (pairing a b).

Section OfNumbers.
Variables (R : comRingType) (m n : nat).
Implicit Types a b c : 'M[R]_(m, n).
Lemma timesC a b : a o b = b o a. Proof. by apply/matrixP => i j; rewrite !mxE mulrC. Qed.
Lemma timesA a b c : a o (b o c) = a o b o c. Proof. by apply/matrixP => i j; rewrite !mxE mulrA. Qed.
Lemma times0 a : 0 o a = 0. Proof. by apply/matrixP => i j; rewrite !mxE mul0r. Qed.
Lemma pairing_tr a b : <<a, b>> = \tr (a^T *m b).
Proof. by rewrite /pairing exchange_big; apply: eq_bigr => j _; rewrite mxE; apply: eq_bigr => i _; rewrite mxE. Qed.
Lemma pairingDr a b c : <<a, b + c>> = <<a, b>> + <<a, c>>. Proof. by rewrite !pairing_tr mulmxDr raddfD. Qed.
Lemma pairingDl a b c : <<a + b, c>> = <<a, c>> + <<b, c>>. Proof. by rewrite !pairing_tr raddfD mulmxDl raddfD. Qed.
Lemma pairing0r a : <<a, 0>> = 0. Proof. by rewrite pairing_tr mulmx0 raddf0. Qed.
Lemma pairing0l a : <<0, a>> = 0. Proof. by rewrite pairing_tr raddf0 mul0mx raddf0. Qed.
Lemma pairing_times a b c : <<a, b o c>> = <<a o b, c>>.
Proof. by apply: eq_bigr => i _; apply: eq_bigr => j _; rewrite !mxE mulrA. Qed.
End OfNumbers.
Lemma pairing_left (R : comRingType) m n p (a : 'M[R]_(m, n)) (v : 'M_(m, p)) w : <<a, v *m w>> = <<v^T *m a, w>>.
Proof. by rewrite !pairing_tr trmx_mul trmxK mulmxA. Qed.
Lemma pairing_right (R : comRingType) m n p (a : 'M[R]_(m, n)) (v : 'M_(m, p)) w : <<a, v *m w>> = <<a *m w^T, v>>.
Proof. by rewrite !pairing_tr trmx_mul trmxK mulmxA mxtrace_mulC mulmxA. Qed.

Section LSTM.
Variables (R : comRingType) (B D U : nat) (e : R) (sigma tanh : R -> R).
Hypothesis small : e * e = 0.
Hypothesis sigma_slope : forall z d, sigma (z + e * d) = sigma z + e * (sigma z * (1 - sigma z) * d).
Hypothesis tanh_slope : forall z d, tanh (z + e * d) = tanh z + e * ((1 - tanh z ^+ 2) * d).
Local Notation V := 'M[R]_(B, U).
Local Notation one := (const_mx 1 : V).

(* wx I is the weight w_ix and wh I is w_ih, and so for F, O and G; added Q t is what is added to quantity Q at t. *)
Record network := Network { wx : quantity -> 'M[R]_(D, U); wh : quantity -> 'M[R]_(U, U);
  x : nat -> 'M[R]_(B, D); h0 : V; c0 : V; added : quantity -> nat -> V }.
Definition gate Q := if Q is G then tanh else sigma.

(* The six equations, as printed; at t = 0 there are c and h alone. *)
Fixpoint run n t : quantity -> V :=
  if t is s.+1 then
    let before := run n s in
    let q Q := map_mx (gate Q) (x n t *m wx n Q + before H *m wh n Q) + added n Q t in
    let c := q F o before C + q I o q G + added n C t in
    let h := q O o map_mx tanh c + added n H t in
    fun Q => match Q with C => c | H => h | _ => q Q end
  else fun Q => match Q with C => c0 n | H => h0 n | _ => 0 end.
Lemma run_gate n t Q : is_gate Q -> run n t.+1 Q
  = map_mx (gate Q) (x n t.+1 *m wx n Q + run n t H *m wh n Q) + added n Q t.+1. Proof. by case: Q. Qed.
Lemma run_c n t :
  run n t.+1 C = run n t.+1 F o run n t C + run n t.+1 I o run n t.+1 G + added n C t.+1. Proof. by []. Qed.
Lemma run_h n t : run n t.+1 H = run n t.+1 O o map_mx tanh (run n t.+1 C) + added n H t.+1. Proof. by []. Qed.

(* A loss reads h(1), ..., h(T) of a network n, and has the slopes k(1), ..., k(T): the direct terms. *)
Section Loss.
Variables (n : network) (T : nat) (loss : (nat -> V) -> R) (k : nat -> V).
Local Notation q Q t := (run n t Q).
Local Notation tanh_c t := (map_mx tanh (q C t)).
Hypothesis loss_slope : forall h dh, (forall t, h t = q H t + e *: dh t) ->
  loss h = loss (fun t => q H t) + e * \sum_(1 <= t < T.+1) <<k t, dh t>>.
Hypothesis nothing_added : forall Q t, added n Q t = 0.
Definition loss_of m := loss (fun t => run m t H).

(* The slope of a gate's function at t, from its value; the printed equations of the bars at t, from those at t + 1.
   Where a formula has a bar times w_ih, for vectors the transposed matrix stands. *)
Definition slope_at Q (v : V) : V := if Q is G then one - v o v else v o (one - v).
Definition slope Q t := slope_at Q (q Q t).
Definition four_terms t (bar : quantity -> V) : V :=
  bar I o slope I t.+1 *m (wh n I)^T + bar F o slope F t.+1 *m (wh n F)^T
  + bar O o slope O t.+1 *m (wh n O)^T + bar G o slope G t.+1 *m (wh n G)^T.
Definition earlier t (bar : quantity -> V) : quantity -> V :=
  let h_bar := four_terms t bar + k t in
  let c_bar := bar C o q F t.+1 + h_bar o q O t o (one - tanh_c t o tanh_c t) in
  fun Q => match Q with
    | H => h_bar | C => c_bar | G => c_bar o q I t | O => h_bar o tanh_c t
    | F => c_bar o q C t.-1 | I => c_bar o q G t end.
(* From the end: none after T, and so back to t. *)
Fixpoint back m := if m is m'.+1 then earlier (T - m') (back m') else fun _ => 0.
Definition bars Q t := back (T.+1 - t) Q.
Lemma printed t : (t <= T)%N ->
  bars H t = four_terms t (bars^~ t.+1) + k t /\
  bars C t = bars C t.+1 o q F t.+1 + bars H t o q O t o (one - tanh_c t o tanh_c t) /\
  bars G t = bars C t o q I t /\ bars O t = bars H t o tanh_c t /\
  bars F t = bars C t o q C t.-1 /\ bars I t = bars C t o q G t.
Proof. move=> le; have back Q : bars Q t = earlier t (bars^~ t.+1) Q by rewrite /bars subSn //= subKn // subSS.
by rewrite !back. Qed.
Lemma bars_after Q : bars Q T.+1 = 0. Proof. by rewrite /bars subnn. Qed.

(* The network with everything moved by e times what stands in d. *)
Definition moved d := Network (fun Q => wx n Q + e *: wx d Q) (fun Q => wh n Q + e *: wh d Q)
  (fun t => x n t + e *: x d t) (h0 n + e *: h0 d) (c0 n + e *: c0 d) (fun Q t => added n Q t + e *: added d Q t).

Section Moved. Variable d : network.
Local Notation m := (moved d).
Definition enters Q t dh := x n t *m wx d Q + x d t *m wx n Q + q H t.-1 *m wh d Q + dh *m wh n Q.
Fixpoint move t : quantity -> V :=
  if t is s.+1 then
    let before := move s in
    let dq Q := slope Q t o enters Q t (before H) + added d Q t in
    let dc := dq F o q C s + q F t o before C + dq I o q G t + q I t o dq G + added d C t in
    let dh := dq O o tanh_c t + q O t o (one - tanh_c t o tanh_c t) o dc + added d H t in
    fun Q => match Q with C => dc | H => dh | _ => dq Q end
  else fun Q => match Q with C => c0 d | H => h0 d | _ => 0 end.
Lemma move_gate Q t : is_gate Q ->
  move t.+1 Q = slope Q t.+1 o enters Q t.+1 (move t H) + added d Q t.+1. Proof. by case: Q. Qed.
Lemma move_c t : move t.+1 C = move t.+1 F o q C t + q F t.+1 o move t C
  + move t.+1 I o q G t.+1 + q I t.+1 o move t.+1 G + added d C t.+1. Proof. by []. Qed.
Lemma move_h t : move t.+1 H = move t.+1 O o tanh_c t.+1
  + q O t.+1 o (one - tanh_c t.+1 o tanh_c t.+1) o move t.+1 C + added d H t.+1. Proof. by []. Qed.
Let product_mul a b c (u u' : 'M[R]_(a, b)) (w w' : 'M[R]_(b, c)) :
  (u + e *: u') *m (w + e *: w') = u *m w + e *: (u' *m w + u *m w').
Proof. rewrite mulmxDl !mulmxDr -!scalemxAr -!scalemxAl scalerA small scale0r addr0.
by rewrite -addrA -scalerDr (addrC (u *m w')). Qed.
Let product_times (a a' b b' : V) : (a + e *: a') o (b + e *: b') = a o b + e *: (a' o b + a o b').
Proof. have product (y y' z z' : R) : (y + e * y') * (z + e * z') = y * z + e * (y' * z + y * z').
  by rewrite -[RHS]addr0 -(mul0r (y' * z')) -small; ring.
by apply/matrixP => i j; rewrite !mxE; apply: product. Qed.
Let gate_moves P (z dz : V) : is_gate P ->
  map_mx (gate P) (z + e *: dz) = map_mx (gate P) z + e *: (slope_at P (map_mx (gate P) z) o dz).
Proof. by case: P => //= _; apply/matrixP => i j; rewrite !mxE ?sigma_slope ?tanh_slope ?expr2. Qed.
Let added_m P t : added m P t = e *: added d P t. Proof. by rewrite /= nothing_added add0r. Qed.
Lemma run_moves t Q : run m t Q = q Q t + e *: move t Q.
Proof. have add (a b c f : V) : a + e *: b + (c + e *: f) = a + c + e *: (b + f) by rewrite scalerDr addrACA.
elim: t Q => [|t IH] Q; first by case: Q; rewrite /= ?scaler0 ?addr0.
have gates P : is_gate P -> run m t.+1 P = q P t.+1 + e *: move t.+1 P.
  have : x m t.+1 *m wx m P + run m t H *m wh m P
       = x n t.+1 *m wx n P + run n t H *m wh n P + e *: enters P t.+1 (move t H).
    rewrite IH /= !product_mul add /enters -pred_Sn; congr (_ + _ *: _).
    by rewrite (addrC (x d _ *m _)) -!addrA (addrC (move t H *m _)).
  move=> moves gate_P; rewrite run_gate // moves move_gate // added_m gate_moves // /slope.
  by rewrite run_gate // nothing_added addr0 scalerDr addrA.
have c_moves : run m t.+1 C = q C t.+1 + e *: move t.+1 C.
  rewrite !run_c move_c !gates // IH !product_times added_m nothing_added addr0 add.
  by rewrite !addrA -[LHS]addrA -scalerDr.
case: Q => //; try exact: gates.
rewrite !run_h move_h gates // c_moves (@gate_moves G) // product_times timesA added_m nothing_added addr0.
by rewrite -[LHS]addrA -scalerDr. Qed.
Definition local t :=
  \sum_(Q <- [:: I; F; O; G; C; H]) <<bars Q t, added d Q t>>
  + \sum_(Q <- [:: I; F; O; G]) (<<(x n t)^T *m (bars Q t o slope Q t), wx d Q>>
      + <<(q H t.-1)^T *m (bars Q t o slope Q t), wh d Q>> + <<bars Q t o slope Q t *m (wx n Q)^T, x d t>>).
Let through t := <<four_terms t (bars^~ t.+1), move t H>> + <<bars C t.+1 o q F t.+1, move t C>>.
Let reorder (a b c f g : R) : a + b + c + f + g = g + (a + c + b) + f. Proof. ring. Qed.
Let balance (aI aF aO aG aC aH wI wF wO wG pI pF pO pG cf z f4 : R) : aO + wO + pO + z + aH - f4
  = aI + (aF + (aO + (aG + (aC + (aH + 0))))) + (wI + (wF + (wO + (wG + 0)))) + (pI + pF + pO + pG + cf)
    - (f4 + (aF + wF + pF + cf + (aI + wI + pI) + (aG + wG + pG) + aC - z)). Proof. ring. Qed.
Lemma one_step t : (t < T)%N -> <<k t.+1, move t.+1 H>> = local t.+1 + through t - through t.+1.
Proof. move=> lt; have [h_bar [c_bar [g_bar [o_bar [f_bar i_bar]]]]] := printed lt.
have direct v : <<k t.+1, v>> = <<bars H t.+1, v>> - <<four_terms t.+1 (bars^~ t.+2), v>>.
  by rewrite h_bar pairingDl addrAC subrr add0r.
have forget v : <<bars C t.+2 o q F t.+2, v>>
    = <<bars C t.+1, v>> - <<bars H t.+1 o q O t.+1 o (one - tanh_c t.+1 o tanh_c t.+1), v>>.
  by rewrite c_bar pairingDl addrK.
have of_gate Q : is_gate Q -> let s := bars Q t.+1 o slope Q t.+1 in
    <<bars Q t.+1, move t.+1 Q>> = <<bars Q t.+1, added d Q t.+1>> + (<<(x n t.+1)^T *m s, wx d Q>>
      + <<(q H t)^T *m s, wh d Q>> + <<s *m (wx n Q)^T, x d t.+1>>) + <<s *m (wh n Q)^T, move t H>>.
  move=> is_gate s; rewrite move_gate // pairingDr pairing_times -/s /enters -pred_Sn 3!pairingDr.
  rewrite (pairing_left _ (x n _)) (pairing_right _ (x d _)) (pairing_left _ (q H _)) (pairing_right _ (move _ _)).
  exact: reorder.
have of_h : <<bars H t.+1, move t.+1 H>> = <<bars O t.+1, move t.+1 O>>
    + <<bars H t.+1 o q O t.+1 o (one - tanh_c t.+1 o tanh_c t.+1), move t.+1 C>> + <<bars H t.+1, added d H t.+1>>.
  rewrite move_h 2!pairingDr (timesC (move _ O)) pairing_times -o_bar. by rewrite pairing_times timesA.
have of_c : <<bars C t.+1, move t.+1 C>> = <<bars F t.+1, move t.+1 F>> + <<bars C t.+1 o q F t.+1, move t C>>
    + <<bars I t.+1, move t.+1 I>> + <<bars G t.+1, move t.+1 G>> + <<bars C t.+1, added d C t.+1>>.
  rewrite move_c 4!pairingDr (timesC (move _ F)) (timesC (move _ I)) 4!pairing_times. by rewrite f_bar i_bar g_bar.
rewrite direct of_h /through forget of_c !of_gate // /local !big_cons !big_nil -!pred_Sn.
rewrite /four_terms !pairingDl; exact: balance. Qed.
Lemma steps s : (s <= T)%N -> \sum_(1 <= t < s.+1) <<k t, move t H>>
  = \sum_(1 <= t < s.+1) local t + through 0 - through s.
Proof. have add (S l a b c : R) : S + a - b + (l + b - c) = S + l + a - c by ring.
elim: s => [_|s IH lt]; first by rewrite !big_geq // add0r subrr.
by rewrite !(big_nat_recr s.+1) //= IH 1?ltnW // one_step //; apply: add. Qed.

(* All bars at once. However the network is moved, the loss moves by the pairings of the bars with the moves; the bars
   of the eight weights are the sums of x(t)^T and h(t-1)^T times the gate's bar and slope.
   For: every T, D, U and batch, every loss of h with slopes, every way to move. *)
Theorem lstm_all_bars : loss_of m = loss_of n + e * (
  \sum_(1 <= t < T.+1) (\sum_(Q <- [:: I; F; O; G; C; H]) <<bars Q t, added d Q t>>
    + \sum_(Q <- [:: I; F; O; G]) (<<(x n t)^T *m (bars Q t o slope Q t), wx d Q>>
      + <<(q H t.-1)^T *m (bars Q t o slope Q t), wh d Q>> + <<bars Q t o slope Q t *m (wx n Q)^T, x d t>>))
  + <<four_terms 0 (bars^~ 1%N), h0 d>> + <<bars C 1%N o q F 1%N, c0 d>>).
Proof. rewrite /loss_of (@loss_slope _ (fun t => move t H)) => [|t]; last exact: run_moves.
have nothing_left : through T = 0 by rewrite /through /four_terms !bars_after !times0 !mul0mx !addr0 !pairing0l addr0.
by rewrite steps // nothing_left subr0 -addrA. Qed.
End Moved.

(* The true bars. Add e v to quantity Q at t, whatever v, or to a weight of a gate, and to nothing else, and let the
   rest follow from the six equations: if the loss moves by e <<b, v>>, then b is the bar. *)
Definition only Q t v := Network (fun _ => 0) (fun _ => 0) (fun _ => 0) 0 0
  (fun P s => if same P Q && (s == t) then v else 0).
Definition only_weights Q vx vh :=
  Network (fun P => if same P Q then vx else 0) (fun P => if same P Q then vh else 0) (fun _ => 0) 0 0 (fun _ _ => 0).
Definition is_bar Q t b := forall v, loss_of (moved (only Q t v)) = loss_of n + e * <<b, v>>.
Definition are_bars_of_weights Q bx bh :=
  forall vx vh, loss_of (moved (only_weights Q vx vh)) = loss_of n + e * (<<bx, vx>> + <<bh, vh>>).
Lemma is_bar_bars Q t : (0 < t <= T.+1)%N -> is_bar Q t (bars Q t).
Proof. move=> /andP[t_pos t_le] v; rewrite lstm_all_bars !pairing0r !addr0; congr (_ + e * _).
rewrite (eq_bigr (fun s => if s == t then <<bars Q t, v>> else 0)) => [|s _]; last first.
  rewrite !big_cons !big_nil /= !pairing0r !addr0.
  by case: eqP => [->|_]; case: Q; rewrite /= ?pairing0r !(addr0, add0r).
have [->|lt] := eqVneq t T.+1.
  by rewrite bars_after pairing0l big1 // => s _; case: ifP.
rewrite (bigD1_seq t) ?mem_index_iota ?iota_uniq ?t_pos /= ?ltn_neqAle ?lt //.
by rewrite eqxx big1 ?addr0 // => s /negPf ->. Qed.

(* Two bars of one quantity agree, as far as e can tell. *)
Lemma unique Q t b v : (0 < t <= T.+1)%N -> is_bar Q t b -> e * <<bars Q t, v>> = e * <<b, v>>.
Proof. by move=> le is_b; apply: (addrI (loss_of n)); rewrite -is_b -is_bar_bars. Qed.
Let in_range t : (0 < t <= T)%N -> (t <= T)%N /\ (0 < t <= T.+1)%N /\ (0 < t.+1 <= T.+1)%N.
Proof. by case/andP=> -> le; rewrite ltnS le leqW. Qed.
Let times_bar Q P t b r : (0 < t <= T)%N -> bars Q t = bars P t o r -> is_bar P t b -> is_bar Q t (b o r).
Proof. by case/in_range=> _ [now _] bar is_b v; rewrite is_bar_bars // bar -!pairing_times (unique _ now is_b). Qed.

(* The bar of g is the bar of c times i. For: every T, D, U and batch, every loss of h with slopes. *)
Theorem lstm_g_bar t c_bar : (0 < t <= T)%N -> is_bar C t c_bar -> is_bar G t (c_bar o q I t).
Proof. by move=> now; apply: times_bar => //; case/andP: now => _ /printed[_ [_ [-> _]]]. Qed.

(* The bar of i is the bar of c times g. For: every T, D, U and batch, every loss of h with slopes. *)
Theorem lstm_i_bar t c_bar : (0 < t <= T)%N -> is_bar C t c_bar -> is_bar I t (c_bar o q G t).
Proof. by move=> now; apply: times_bar => //; case/andP: now => _ /printed[_ [_ [_ [_ [_ ->]]]]]. Qed.

(* The bar of f is the bar of c times the old c. For: every T, D, U and batch, every loss of h with slopes. *)
Theorem lstm_f_bar t c_bar : (0 < t <= T)%N -> is_bar C t c_bar -> is_bar F t (c_bar o q C t.-1).
Proof. by move=> now; apply: times_bar => //; case/andP: now => _ /printed[_ [_ [_ [_ [-> _]]]]]. Qed.

(* The bar of o is the bar of h times tanh(c). For: every T, D, U and batch, every loss of h with slopes. *)
Theorem lstm_o_bar t h_bar : (0 < t <= T)%N -> is_bar H t h_bar -> is_bar O t (h_bar o tanh_c t).
Proof. by move=> now; apply: times_bar => //; case/andP: now => _ /printed[_ [_ [_ [-> _]]]]. Qed.

(* The bar of c comes from the next c, and from h. For: every T, D, U and batch, every loss of h with slopes. *)
Theorem lstm_c_bar t c_bar_next h_bar : (0 < t <= T)%N -> is_bar C t.+1 c_bar_next -> is_bar H t h_bar ->
  is_bar C t (c_bar_next o q F t.+1 + h_bar o q O t o (one - tanh_c t o tanh_c t)).
Proof. case/in_range=> le [now next] is_c is_h v; rewrite is_bar_bars //; have [_ [-> _]] := printed le.
by rewrite !pairingDl -!pairing_times !mulrDr (unique _ next is_c) (unique _ now is_h). Qed.

(* The bar of h is the four printed terms and the direct term: so the four alone where the loss reads h(t) through step
   t + 1 alone, and not where it has, as far as e can tell, a direct term.
   For: every T, D, U and batch, every loss of h with slopes. *)
Theorem lstm_h_bar t (next : quantity -> V) : (0 < t <= T)%N -> (forall Q, is_bar Q t.+1 (next Q)) ->
  [/\ is_bar H t (four_terms t next + k t), k t = 0 -> is_bar H t (four_terms t next) &
      forall v, e * <<k t, v>> <> 0 -> ~ is_bar H t (four_terms t next)].
Proof. case/in_range=> le [now later] is_next; have true_bar : is_bar H t (four_terms t next + k t).
  move=> v; rewrite is_bar_bars //; have [-> _] := printed le.
  have term Q : e * <<bars Q t.+1 o slope Q t.+1 *m (wh n Q)^T, v>> = e * <<next Q o slope Q t.+1 *m (wh n Q)^T, v>>.
    by rewrite -!pairing_right -!pairing_times (unique _ later (is_next Q)).
  by rewrite /four_terms !pairingDl !mulrDr !term.
split=> // [k0|v k_not0 /(_ v)]; first by move: true_bar; rewrite k0 addr0.
by rewrite true_bar pairingDl mulrDr => /addrI; rewrite -[RHS]addr0 => /addrI. Qed.

(* The bars of the two weights of a gate: for I and one number each, the printed sum of i_bar(t) i(t) (1 - i(t)) x(t),
   and the same with h(t-1) for x(t). For: every T, D, U and batch, every loss of h with slopes, each gate. *)
Theorem lstm_w_ix (b : nat -> V) Q : is_gate Q -> (forall t, (0 < t <= T)%N -> is_bar Q t (b t)) ->
  are_bars_of_weights Q (\sum_(1 <= t < T.+1) (x n t)^T *m (b t o slope Q t))
                        (\sum_(1 <= t < T.+1) (q H t.-1)^T *m (b t o slope Q t)).
Proof. move=> gate_Q are_bars. have pairing_sum m p (f : nat -> 'M[R]_(m, p)) v :
    <<\sum_(1 <= t < T.+1) f t, v>> = \sum_(1 <= t < T.+1) <<f t, v>>.
  by elim/big_rec2: _ => [|t a b' _ IH]; rewrite ?pairing0l // pairingDl IH.
have same_sum p (r : nat -> 'M[R]_(B, p)) v : e * <<\sum_(1 <= t < T.+1) (r t)^T *m (bars Q t o slope Q t), v>>
    = e * <<\sum_(1 <= t < T.+1) (r t)^T *m (b t o slope Q t), v>>.
  rewrite !pairing_sum !big_distrr !big_nat; apply: eq_bigr => t /= le; have [_ [now _]] := in_range le.
  by rewrite -!pairing_left -!pairing_times (unique _ now (are_bars t le)).
move=> vx vh; rewrite [e * (_ + _)]mulrDr -!same_sum -mulrDr !pairing_sum -big_split lstm_all_bars !pairing0r !addr0.
congr (_ + e * _); apply: eq_bigr => t _; rewrite !big_cons !big_nil /= !pairing0r !addr0.
by case: Q gate_Q {are_bars same_sum} => //= _; rewrite ?pairing0r !(addr0, add0r). Qed.
End Loss.

(* Each row of a batch times a matrix of its own: an output's slopes are its Jacobian, one for each row. *)
Definition by_rows p r (a : 'M[R]_(B, p)) (J : 'I_B -> 'M_(p, r)) := \matrix_(b, j) \sum_i a b i * J b i j.
Lemma pairing_by_rows p r (a : 'M_(B, r)) (d : 'M_(B, p)) J : <<a, by_rows d J>> = <<by_rows a (fun b => (J b)^T), d>>.
Proof. apply: eq_bigr => b _; under eq_bigr => j _ do rewrite mxE big_distrr.
rewrite exchange_big; apply: eq_bigr => i _; rewrite mxE big_distrl; apply: eq_bigr => j _.
by rewrite mxE /= mulrA mulrAC. Qed.

(* Where h(t) feeds an output y(t) or the loss directly, its bar gains the bar of y(t) times dy(t)/dh(t), or dL/dh(t).
   For: every T, D, U and batch, every output with slopes, every loss of y and h with slopes, every t from 1 to T. *)
Theorem lstm_external n T t (next : quantity -> V) (Y : nat) (y : nat -> V -> 'M_(B, Y)) (y_bar : nat -> 'M_(B, Y))
    (dy_dh : nat -> 'I_B -> 'M_(U, Y)) (dL_dh : nat -> V) (L : (nat -> 'M_(B, Y)) -> (nat -> V) -> R) :
  let h t := run n t H in (forall Q t, added n Q t = 0) ->
  (forall t d, y t (h t + e *: d) = y t (h t) + e *: by_rows d (dy_dh t)) ->
  (forall y' dy h' dh,
    (forall t, y' t = y t (h t) + e *: dy t) -> (forall t, h' t = h t + e *: dh t) ->
    L y' h' = L (fun t => y t (h t)) h + e * \sum_(1 <= t < T.+1) (<<y_bar t, dy t>> + <<dL_dh t, dh t>>)) ->
  let is_bar := is_bar n (fun h => L (fun t => y t (h t)) h) in (0 < t <= T)%N -> (forall Q, is_bar Q t.+1 (next Q)) ->
  is_bar H t (four_terms n t next + (by_rows (y_bar t) (fun b => (dy_dh t b)^T) + dL_dh t)).
Proof. move=> h nothing_added y_slope L_slope b le bars_next.
have slope h' dh : (forall s, h' s = h s + e *: dh s) -> L (fun s => y s (h' s)) h' = L (fun s => y s (h s)) h
    + e * \sum_(1 <= s < T.+1) <<by_rows (y_bar s) (fun b => (dy_dh s b)^T) + dL_dh s, dh s>>.
  move=> moves; rewrite (L_slope _ (fun s => by_rows (dh s) (dy_dh s)) _ dh) // => [|s]; last by rewrite moves y_slope.
  by congr (_ + _ * _); apply: eq_bigr => s _; rewrite pairingDl pairing_by_rows.
by have [] := lstm_h_bar slope nothing_added le bars_next. Qed.
End LSTM.

(* The claim is wrong without its condition: one step of one unit, and the loss is h(1). There is no step 2, so its bars
   are 0 and the formula gives 0; the true bar is 1. For: every network of one input and unit, as on the page. *)
Theorem lstm_h_bar_counterexample (R : comRingType) (e : R) sigma tanh (n : network R 1 1 1) : e <> 0 ->
  let is_bar := is_bar e sigma tanh n (fun h => h 1%N 0 0) in
  [/\ forall Q, is_bar Q 2%N 0, four_terms sigma tanh n 1%N (fun _ => 0) = 0, is_bar H 1%N 1%:M & ~ is_bar H 1%N 0].
Proof. have one_unit (a v : 'M[R]_1) : <<a, v>> = a 0 0 * v 0 0 by rewrite /pairing !big_ord1.
have entry (a v : 'M[R]_1) : (a + e *: v) 0 0 = a 0 0 + e * v 0 0 by rewrite !mxE.
move=> e_not0 b; rewrite /b /is_bar /loss_of /four_terms; split.
- by case=> v; rewrite /= !pairing0l !scaler0 !addr0 mulr0 addr0.
- by rewrite !times0 !mul0mx !addr0.
- by move=> v; rewrite one_unit /= !scaler0 !addr0 addrA entry [1%:M _ _]mxE eqxx mul1r.
move/(_ 1%:M); rewrite one_unit /= !scaler0 !addr0 addrA entry.
by rewrite [1%:M _ _]mxE [(0 : 'M_1) _ _]mxE eqxx mul0r mulr0 mulr1 => /addrI. Qed.

(* The code's logistic function, half (1 + tanh(half z)), has the slope that is asked of sigma, if tanh has its own.
   For: every tanh with its slope, half + half = 1. *)
Theorem logistic_slope (R : comRingType) (e half : R) tanh : half + half = 1 ->
  (forall z d, tanh (z + e * d) = tanh z + e * ((1 - tanh z ^+ 2) * d)) ->
  let sigma z := half * (1 + tanh (half * z)) in
  forall z d, sigma (z + e * d) = sigma z + e * (sigma z * (1 - sigma z) * d).
Proof. move=> two slope sigma z d; rewrite /sigma (_ : half * (z + e * d) = half * z + e * (half * d)); last by ring.
rewrite slope; move: (tanh _) => t; have -> : 1 - half * (1 + t) = half * (1 - t) by rewrite -[X in X - _]two; ring.
by ring. Qed.
