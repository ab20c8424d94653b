(* Reversing momentum exactly. Z is the type of whole numbers; / rounds down, as Python's // does, and mod is
   what it leaves: never negative for a positive divisor. *)
From Coq Require Import ZArith Lia.
Local Open Scope Z_scope.

(* n / d times p, rounded, and the coder with what the rounding lost. *)
Definition times_fraction (p coder n d : Z) : Z * Z :=
  let quotient := p / d in
  let pushed := (coder - quotient) * d + p in
  let coder' := pushed / n in
  ((quotient - coder') * n + pushed, coder').

(* The remainder of p goes into the coder as its last digit in base d, and a digit in base n comes out,
   which is the last digit of the new p. For: the coder's whole numbers without 64 bits, all positive n and d. *)
Theorem exact_reversal_digits p coder n d : 0 < n -> 0 < d -> let pushed := coder * d + p mod d in
  times_fraction p coder n d = (p / d * n + pushed mod n, pushed / n).
Proof. intros n_pos d_pos pushed; unfold times_fraction.
replace ((coder - p / d) * d + p) with pushed by (unfold pushed; rewrite Z.mod_eq; lia).
rewrite (Z.mod_eq pushed n) by lia; f_equal; ring. Qed.

(* With n and d exchanged, it undoes itself. For: the coder's whole numbers without 64 bits, all positive n and d. *)
Theorem exact_reversal p coder n d : 0 < n -> 0 < d ->
  let (p', coder') := times_fraction p coder n d in times_fraction p' coder' d n = (p, coder).
Proof. intros n_pos d_pos; rewrite exact_reversal_digits by lia; set (pushed := coder * d + p mod d).
assert (digit := Z.mod_pos_bound pushed n n_pos); assert (rest := Z.mod_pos_bound p d d_pos).
rewrite exact_reversal_digits by lia.
rewrite (Z.div_add_l (p / d) n (pushed mod n)), (Z.div_small (pushed mod n) n) by lia.
replace ((p / d * n + pushed mod n) mod n) with (pushed mod n) by (rewrite Z.add_comm, Z.mod_add, Z.mod_mod; lia).
replace (pushed / n * n + pushed mod n) with pushed by (rewrite Z.mod_eq; lia).
unfold pushed; rewrite Z.div_add_l, (Z.div_small (p mod d) d) by lia.
replace ((coder * d + p mod d) mod d) with (p mod d) by (rewrite Z.add_comm, Z.mod_add, Z.mod_mod; lia).
f_equal; rewrite ?Z.mod_eq; lia. Qed.

(* The coder becomes d / n times what it was, less at most 1, plus at most d / n, and is not negative if it was not; p
   becomes n / d times p, but for less than n. For: the coder's whole numbers without 64 bits, all positive n and d. *)
Theorem exact_reversal_bounds p coder n d : 0 < n -> 0 < d -> let (p', coder') := times_fraction p coder n d in
  (0 <= coder -> 0 <= coder') /\ - n < coder' * n - coder * d < d /\ - n * (d - 1) <= p' * d - n * p <= (n - 1) * d.
Proof. intros n_pos d_pos; rewrite exact_reversal_digits by lia; set (pushed := coder * d + p mod d).
assert (digit := Z.mod_pos_bound pushed n n_pos); assert (rest := Z.mod_pos_bound p d d_pos).
assert (P := Z.div_mod pushed n); assert (Q := Z.div_mod p d).
repeat split; [intro; apply Z.div_pos; unfold pushed | unfold pushed in * .. | | ]; nia. Qed.

(* A step of one parameter, on whole multiples of the unit; `change` is alpha times the gradient at theta, rounded. *)
Definition step (change : Z -> Z) n d (s : Z * Z * Z) : Z * Z * Z :=
  let '(theta, p, coder) := s in
  let (product, coder') := times_fraction p coder n d in
  let p' := product - change theta in (theta + p', p', coder').
Definition unstep (change : Z -> Z) n d (s : Z * Z * Z) : Z * Z * Z :=
  let '(theta', p', coder') := s in
  let theta := theta' - p' in
  let (p, coder) := times_fraction (p' + change theta) coder' d n in (theta, p, coder).

(* k steps back after k steps forward restore theta, p and the coder, each of them.
   For: one parameter, every k, every gradient of it, every start, all positive n and d. *)
Theorem exact_reversal_steps k change n d s : 0 < n -> 0 < d ->
  Nat.iter k (unstep change n d) (Nat.iter k (step change n d) s) = s.
Proof. intros n_pos d_pos. assert (one : forall s, unstep change n d (step change n d s) = s).
{ intros [[theta p] coder]; unfold step, unstep.
  assert (back := exact_reversal p coder n d n_pos d_pos). destruct (times_fraction p coder n d) as [product coder'].
  replace (theta + (product - change theta) - (product - change theta)) with theta by lia.
  replace (product - change theta + change theta) with product by lia; now rewrite back. }
assert (swap : forall m x, Nat.iter m (unstep change n d) (unstep change n d x)
                           = unstep change n d (Nat.iter m (unstep change n d) x)).
{ induction m as [|m IH]; intros x; simpl; [easy | now rewrite IH]. }
induction k as [|k IH]; simpl; [easy | now rewrite <- swap, one]. Qed.

