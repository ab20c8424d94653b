(* What lstm_gradient.v supposes of e, sigma and tanh can be so with an e other than 0: in whole numbers mod 4, e = 2. *)
From mathcomp Require Import all_ssreflect all_algebra.
Import GRing.Theory.
Local Open Scope ring_scope.
Definition sigma (z : 'Z_4) : 'Z_4 := if odd z then 1 else 0.
Definition tanh (z : 'Z_4) : 'Z_4 := if odd z then 1 else z.
Lemma each (P : 'Z_4 -> Prop) : P (inZp 0) -> P (inZp 1) -> P (inZp 2) -> P (inZp 3) -> forall z, P z.
Proof. by move=> ? ? ? ? z; rewrite -[z]valZpK; case: z => [[|[|[|[|//]]]] lt]. Qed.
Lemma hypotheses_hold : let e := 2%:R : 'Z_4 in [/\ e != 0, e * e = 0,
  forall z d, sigma (z + e * d) = sigma z + e * (sigma z * (1 - sigma z) * d) &
  forall z d, tanh (z + e * d) = tanh z + e * ((1 - tanh z ^+ 2) * d)].
Proof. by split=> //; [apply/eqP | apply: each; apply: each; apply/eqP ..]. Qed.
