(* Problem 2: a multidimensional RNN. For every size of the grid, of the inputs and of the states.

   Rows are multiplied from the left, as in the code: x *m W is W^T x. Indices start at 0. *)
From mathcomp Require Import all_ssreflect all_algebra zify ring.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Operations.
Variables (R : comRingType) (D H : nat) (phi : R -> R) (n_a : nat).
Variables (W_in : 'M[R]_(D, H)) (W_W W_N : 'M[R]_(H, H)).

(* The places of the weights: in W_in, in W_W and in W_N. *)
Definition weight := ('I_D * 'I_H + ('I_H * 'I_H + 'I_H * 'I_H))%type.

(* The network has (D + 2H) H weights: the places of its three matrices. For: every D and H. *)
Theorem mdrnn_weights : #|{: weight}| = ((D + 2 * H) * H)%N. Proof. by rewrite !card_sum !card_prod !card_ord; lia. Qed.

(* What is computed, as it is computed: sums and products of numbers, and phi, which costs n_a operations. *)
Inductive expression := Number of R | Sum of expression & expression | Product of R & R | Phi of expression.
Fixpoint value u := match u with
  | Number a => a | Sum v w => value v + value w | Product a b => a * b | Phi v => phi (value v) end.
Fixpoint operations u : nat := match u with
  | Number _ => 0 | Sum v w => operations v + operations w + 1 | Product _ _ => 1 | Phi v => operations v + n_a end.

(* Entry k of a row times a matrix: product by product, added up. A neighbour that is absent is left out. *)
Fixpoint sum_of_products (s : seq (R * R)) := match s with
  | [::] => Number 0 | [:: (a, b)] => Product a b | (a, b) :: s' => Sum (Product a b) (sum_of_products s') end.
Definition entry n (v : 'rV[R]_n) (W : 'M[R]_(n, H)) k := sum_of_products [seq (v 0 i, W i k) | i <- enum 'I_n].
Definition plus u (v : option 'rV[R]_H) W k := if v is Some r then Sum u (entry r W k) else u.
Definition cell x west north k := Phi (plus (plus (entry x W_in k) west W_W k) north W_N k).
Lemma operations_of_entry n (v : 'rV[R]_n) W k : operations (entry v W k) = (2 * n - 1)%N.
Proof. have count s : operations (sum_of_products s) = (2 * size s - 1)%N.
  by elim: s => // -[a b] [|p s] IH //; move: IH => /= ->; lia.
by rewrite /entry count size_map size_enum_ord. Qed.
Lemma value_of_entry n (v : 'rV[R]_n) W k : value (entry v W k) = (v *m W) 0 k.
Proof. have sum s : value (sum_of_products s) = \sum_(p <- s) p.1 * p.2.
  elim: s => [|[a b] [|p s] IH]; rewrite ?big_nil // ?big_cons ?big_nil ?addr0 //.
  by move: IH => /= ->; rewrite big_cons.
by rewrite /entry sum big_map mxE big_enum. Qed.

(* What is counted is the cell of the definition: its values are phi(x W_in + west W_W + north W_N).
   For: every D and H, every phi, all weights and inputs. *)
Theorem mdrnn_cell_operations_count_the_cell (x : 'rV[R]_D) west north :
  \row_k value (cell x (Some west) (Some north) k) = map_mx phi (x *m W_in + west *m W_W + north *m W_N).
Proof. by apply/rowP => k; rewrite !mxE /= !value_of_entry !mxE. Qed.
Lemma of_cell x west north : (0 < H)%N -> (\sum_(k < H) operations (cell x west north k)
  = H * (n_a + (2 * D - 1) + (isSome west : nat) * (2 * H) + (isSome north : nat) * (2 * H)))%N.
Proof. move=> H_pos; set due := (n_a + _ + _ + _)%N; rewrite (eq_bigr (fun=> due)) => [|k _].
  by rewrite sum_nat_const card_ord.
by rewrite {}/due; case: west; case: north => *; rewrite /= !operations_of_entry; lia. Qed.

(* One h(i, j) with both neighbours takes H (n_a + 2 + (2D-1) + (2H-1) + (2H-1)) = H (n_a + 2D + 4H - 1) operations.
   For: every D and H from 1 on, every phi and n_a. *)
Theorem mdrnn_cell_operations x west north : (0 < D)%N -> (0 < H)%N ->
  let operations := (\sum_(k < H) operations (cell x (Some west) (Some north) k))%N in
  operations = (H * (n_a + 2 + (2 * D - 1) + (2 * H - 1) + (2 * H - 1)))%N /\
  operations = (H * (n_a + 2 * D + 4 * H - 1))%N.
Proof. by move=> D_pos H_pos count; rewrite /count of_cell //; split; congr (_ * _)%N; rewrite /=; lia. Qed.

(* The grid: cell (i, j) has its neighbours at (i-1, j) and (i, j-1); beyond the border is `outside`. *)
Variables (G : nat) (x : nat -> nat -> 'rV[R]_D) (h : nat -> nat -> 'rV[R]_H).
Definition operations_at outside i j := (\sum_(k < H) operations (cell (x i j)
  (if i is i'.+1 then Some (h i' j) else outside) (if j is j'.+1 then Some (h i j') else outside) k))%N.
Definition grid_operations outside := (\sum_(i < G) \sum_(j < G) operations_at outside i j)%N.

(* The grid takes exactly G^2 H (n_a + 2D + 4H - 1) operations if zero neighbours are multiplied.
   For: every G, D and H from 1 on, every phi and n_a. *)
Theorem mdrnn_grid_operations : (0 < D)%N -> (0 < H)%N ->
  grid_operations (Some 0) = (G ^ 2 * (H * (n_a + 2 * D + 4 * H - 1)))%N.
Proof. move=> D_pos H_pos; rewrite /grid_operations.
rewrite (eq_bigr (fun=> G * (H * (n_a + 2 * D + 4 * H - 1)))%N) => [|i _]; first by rewrite sum_nat_const card_ord; lia.
rewrite (eq_bigr (fun=> H * (n_a + 2 * D + 4 * H - 1))%N) => [|j _]; first by rewrite sum_nat_const card_ord.
by rewrite /operations_at of_cell //; case: (i : nat); case: (j : nat) => *; congr (_ * _)%N; rewrite /=; lia. Qed.

(* The grid takes 4 G H^2 fewer if they are skipped. For: every G, D and H from 1 on, every phi and n_a. *)
Theorem mdrnn_grid_operations_skipped : (0 < D)%N -> (0 < H)%N ->
  (grid_operations None + 4 * G * H ^ 2 = grid_operations (Some 0%R))%N.
Proof. move=> D_pos H_pos; have at_cell i j : operations_at (Some 0) i j
    = (operations_at None i j + ((i == 0) * (2 * H ^ 2) + (j == 0) * (2 * H ^ 2)))%N.
  rewrite /operations_at !of_cell //; case: i => [|i]; case: j => [|j]; rewrite /= -?mulnn; lia.
have once : (\sum_(i < G) (i == 0 :> nat) * (2 * H ^ 2))%N = ((0 < G) * (2 * H ^ 2))%N.
  by case: G => [|g]; rewrite ?big_ord0 // big_ord_recl big1 // addn0.
rewrite /grid_operations.
under [in RHS]eq_bigr => i _ do
  (under eq_bigr => j _ do rewrite at_cell; rewrite !big_split /= once sum_nat_const card_ord).
rewrite !big_split /= sum_nat_const card_ord -big_distrr /= once. by case: (G) => [|g]; rewrite -?mulnn /=; lia. Qed.

(* With zero neighbours multiplied the count is between 2 and 4 + (n_a - 1)/2 times G^2 H (D + H).
   For: every G, D, H and n_a from 1 on. *)
Theorem mdrnn_grid_operations_bounds : (0 < D)%N -> (0 < H)%N -> (0 < n_a)%N -> let scale := (G ^ 2 * H * (D + H))%N in
  (2 * scale <= grid_operations (Some 0%R))%N /\ (2 * grid_operations (Some 0%R) <= (8 + (n_a - 1)) * scale)%N.
Proof. move=> D_pos H_pos n_pos /=; rewrite mdrnn_grid_operations //.
have low : (2 * (D + H) <= n_a + 2 * D + 4 * H - 1)%N by lia.
have high : (2 * (n_a + 2 * D + 4 * H - 1) <= (8 + (n_a - 1)) * (D + H))%N by nia.
by split; [move: (leq_mul (leqnn (G ^ 2 * H)) low) | move: (leq_mul (leqnn (G ^ 2 * H)) high)]; lia. Qed.
End Operations.

Section Schedules.
Local Open Scope nat_scope.
Implicit Types (c d : nat * nat) (s : seq (seq (nat * nat))).

(* A schedule lists the cells of each step. It is one for the G x G grid if its steps hold each cell, and nothing else,
   and if at each step all neighbours of the step's cells have been computed in the steps before. *)
Definition neighbours c :=
  (if c.1 is i.+1 then [:: (i, c.2)] else [::]) ++ (if c.2 is j.+1 then [:: (c.1, j)] else [::]).
Definition ready s k := all (fun c => all (mem (flatten (take k s))) (neighbours c)) (nth [::] s k).
Definition schedule G s :=
  (forall c, (c \in flatten s) = (c.1 < G) && (c.2 < G)) /\ (forall k, k < size s -> ready s k).

(* Step k, counted from 0, of the wavefronts: the cells with i + j = k. *)
Definition wavefront G k := [seq (i, k - i) | i <- iota 0 k.+1 & (i < G) && (k - i < G)].
Definition wavefronts G := [seq wavefront G k | k <- iota 0 (2 * G - 1)].
Lemma in_wavefront G k c : (c \in wavefront G k) = [&& c.1 + c.2 == k, c.1 < G & c.2 < G].
Proof. apply/mapP/and3P => [[i]|[/eqP <- iG jG]].
  by rewrite mem_filter mem_iota => /andP[/andP[iG jG] ik] ->; split=> //=; lia.
exists c.1; last by case: c iG jG => i j /= iG jG; congr (_, _); lia. by rewrite mem_filter mem_iota; lia. Qed.
Lemma in_wavefronts G k c : k <= 2 * G - 1 ->
  (c \in flatten (take k (wavefronts G))) = [&& c.1 + c.2 < k, c.1 < G & c.2 < G].
Proof. move=> le; rewrite /wavefronts -map_take take_iota (minn_idPl le). apply/flatten_mapP/and3P => [[m]|[lt iG jG]].
  by rewrite mem_iota in_wavefront => lt /and3P[/eqP -> -> ->].
by exists (c.1 + c.2); rewrite ?mem_iota ?in_wavefront //; lia. Qed.

(* The wavefronts hold each cell, once, and at every step all that its cells need is there. For: every G, every step. *)
Theorem mdrnn_ready G : schedule G (wavefronts G) /\ uniq (flatten (wavefronts G)).
Proof. split; last first.
  have uniq_front k : uniq (wavefront G k) by rewrite map_inj_uniq ?filter_uniq ?iota_uniq // => i j [].
  rewrite /wavefronts; set n := _ - 1; elim: n => // n IH; rewrite -addn1 iotaD map_cat flatten_cat cat_uniq IH.
  rewrite /= cats0 uniq_front andbT; apply/hasPn => c; rewrite in_wavefront add0n => /and3P[/eqP sum _ _].
  by apply/negP => /flatten_mapP[k]; rewrite mem_iota in_wavefront => lt /and3P[/eqP eq _ _]; lia.
have size_w : size (wavefronts G) = 2 * G - 1 by rewrite size_map size_iota. split=> [c|k].
  by rewrite -(take_size (wavefronts G)) size_w in_wavefronts //; lia.
rewrite size_w => lt; rewrite /ready /wavefronts (nth_map 0) ?size_iota // nth_iota // add0n.
apply/allP => -[i j]; rewrite in_wavefront => /= ijk; apply/allP => -[a b].
change ((a, b) \in neighbours (i, j) -> (a, b) \in flatten (take k (wavefronts G))).
rewrite in_wavefronts; last lia; case: i j ijk => [|i] [|j]; rewrite //= !inE ?xpair_eqE /=; lia. Qed.
Lemma not_before G s k c : schedule G s -> c \in nth [::] s k -> c.1 + c.2 <= k.
Proof. case=> _ is_ready; have [m] := ubnP k; elim: m k c => // m IH k [i j] le_m in_k.
have lt : k < size s by rewrite ltnNge; apply/negP => /(nth_default [::]) no; rewrite no in in_k.
have before d : d \in neighbours (i, j) -> d.1 + d.2 < k.
  move=> near; have /flattenP[cells] := allP (allP (is_ready k lt) _ in_k) _ near.
  move=> /(nthP [::])[k' lt' <-] in_k'; move: lt'; rewrite size_take lt => lt'.
  by rewrite nth_take // in in_k'; apply: leq_ltn_trans (IH k' d _ in_k') _ => //; lia.
case: i j in_k before => [|i] [|j] _ before //=.
- by have := before (0, j); rewrite inE eqxx => /(_ isT) /=; lia.
- by have := before (i, 0); rewrite inE eqxx => /(_ isT) /=; lia.
by have := before (i, j.+1); rewrite inE eqxx => /(_ isT) /=; lia. Qed.

(* 2G - 1 steps suffice: the wavefronts, a schedule by mdrnn_ready, are as many. And no schedule has fewer.
   For: every G from 1 on, every schedule. *)
Theorem mdrnn_steps G : 0 < G -> size (wavefronts G) = 2 * G - 1 /\ forall s, schedule G s -> 2 * G - 1 <= size s.
Proof. move=> G_pos; rewrite size_map size_iota; split=> // s is_schedule.
have : (G.-1, G.-1) \in flatten s by rewrite is_schedule.1 /= !prednK // leqnn.
case/flattenP=> cells /(nthP [::])[k lt <-] /(not_before is_schedule) /= le; apply: leq_trans lt; lia. Qed.

(* The first steps are as printed, and the last two end at (G-1, G-1). For: every G from 2 on; step 3 from G = 3 on. *)
Theorem mdrnn_order G : 1 < G -> let step n := nth [::] (wavefronts G) n.-1 in
  [/\ step 1 = [:: (0, 0)], step 2 = [:: (0, 1); (1, 0)], 2 < G -> step 3 = [:: (0, 2); (1, 1); (2, 0)],
      step (2 * G - 2) =i [:: (G - 2, G - 1); (G - 1, G - 2)] & step (2 * G - 1) =i [:: (G - 1, G - 1)]].
Proof. move=> G_big step; have stepE n : 0 < n <= 2 * G - 1 -> step n = wavefront G n.-1.
  by move=> le; rewrite /step (nth_map 0) ?size_iota ?nth_iota //; lia.
rewrite !stepE; try lia; split=> [||G_bigger|[i j]|[i j]].
1-2: by case: (G) G_big => [|[|g]]. 1: by case: (G) G_big G_bigger => [|[|[|g]]].
all: by rewrite in_wavefront !inE !xpair_eqE /=; lia. Qed.

(* As printed the order is wrong: no step computes h(G, G), which the grid does not have, nor h(G-1, G), h(G, G-1).
   For: every G, every schedule. *)
Theorem mdrnn_order_wrong_as_printed G s : schedule G s ->
  [/\ (G, G) \notin flatten s, (G.-1, G) \notin flatten s & (G, G.-1) \notin flatten s].
Proof. by case=> grid _; rewrite !grid /= ltnn !andbF. Qed.
End Schedules.

Section Networks.
Variables (X V : Type) (zero : V) (add : V -> V -> V) (phi : V -> V).
Local Notation "0" := zero.
Local Infix "+" := add.

(* The MDRNN, for any maps in place of the three matrices, any sum and any zero. *)
Fixpoint mdrnn (f_in : X -> V) (f_W f_N : V -> V) (x : nat -> nat -> X) i : nat -> V := fix row j :=
  phi (f_in (x i j) + f_W (if i is i'.+1 then mdrnn f_in f_W f_N x i' j else 0)
       + f_N (if j is j'.+1 then row j' else 0)).
Lemma mdrnnE f_in f_W f_N x i j : mdrnn f_in f_W f_N x i j =
  phi (f_in (x i j) + f_W (if i is i'.+1 then mdrnn f_in f_W f_N x i' j else 0)
       + f_N (if j is j'.+1 then mdrnn f_in f_W f_N x i j' else 0)). Proof. by case: i; case: j. Qed.

(* L layers of convolution on the G x G grid, with zeros around it, kernels of (2r + 1) x (2r + 1) places, and any map,
   at each layer l and place (a, b), for the matrix K_(a, b). *)
Definition padded G r (f : nat -> nat -> V) i j :=
  if (r <= i < G + r)%N && (r <= j < G + r)%N then f (i - r)%N (j - r)%N else zero.
Fixpoint conv G r (K : nat -> nat -> nat -> V -> V) (x : nat -> nat -> V) L i j := if L is l.+1
  then phi (\big[add/0]_(a < (2 * r).+1) \big[add/0]_(b < (2 * r).+1)
    K l a b (padded G r (conv G r K x l) (addn i a) (addn j b))) else x i j.

(* What h(i, j) depends on lies in the quadrant to the north and west. For: every cell, every phi, all weights. *)
Theorem mdrnn_context_no_more f_in f_W f_N (x x' : nat -> nat -> X) i j :
  (forall a b, (a <= i)%N -> (b <= j)%N -> x a b = x' a b) -> mdrnn f_in f_W f_N x i j = mdrnn f_in f_W f_N x' i j.
Proof. elim: i j => [|i IHi] j; elim: j => [|j IHj] same; rewrite [LHS]mdrnnE [RHS]mdrnnE same //.
1: rewrite IHj //. 2: rewrite (IHi 0%N) //. 3: rewrite IHj ?(IHi j.+1) //.
all: by move=> a b ai bj; apply: same; rewrite // leqW. Qed.

(* What L layers of convolution depend on lies in the window, L r cells to each side.
   For: every G, r and L, every cell, every phi, all kernels. *)
Theorem mdrnn_context_of_layers_no_more G r K (x x' : nat -> nat -> V) L i j : (i < G)%N -> (j < G)%N ->
  (forall a b, (a < G)%N -> (b < G)%N -> (i <= a + L * r)%N -> (a <= i + L * r)%N -> (j <= b + L * r)%N ->
    (b <= j + L * r)%N -> x a b = x' a b) -> conv G r K x L i j = conv G r K x' L i j.
Proof. elim: L i j => [|l IH] i j iG jG same /=; first by apply: same => //; lia.
congr phi; apply: eq_bigr => -[a /= a_lt] _; apply: eq_bigr => -[b /= b_lt] _; congr (K _ _ _ _).
rewrite /padded; case: ifP => // inside; apply: IH; try lia. by move=> c d *; apply: same => //; nia. Qed.
End Networks.

Section Whole.
Local Open Scope nat_scope.
Definition one (a b i j : nat) : nat := (i == a) && (j == b).
Let net x := mdrnn 0 addn id id id id x.
Let layers G r := conv 0 addn id G r (fun _ _ _ => id).

(* h(i, j) depends on all of the quadrant: with weights 1 and phi(z) = z, in whole numbers, the one input (a, b) moves
   h(i, j) away from the 0 that it is without. For: every cell, every input to its north and west. *)
Theorem mdrnn_context a b i j : a <= i -> b <= j -> net (fun _ _ => 0) i j = 0 /\ 0 < net (one a b) i j.
Proof. have netE x k l : net x k l
  = x k l + (if k is k'.+1 then net x k' l else 0) + (if l is l'.+1 then net x k l' else 0) by exact: mdrnnE.
move=> ai bj; split. by elim: i j {ai bj} => [|k IHk] j; elim: j => [|l IHl]; rewrite netE ?IHk ?IHl.
elim: i j ai bj => [|k IHk] j; elim: j => [|l IHl] ai bj; rewrite netE [one _ _ _ _]/one.
- by lia.
- by case: (leqP b l) => [/(IHl ai)|]; lia.
- by case: (leqP a k) => [/IHk /(_ bj)|]; lia.
by case: (leqP b l) => [/(IHl ai)|]; [lia | case: (leqP a k) => [/IHk /(_ bj)|]; lia]. Qed.
Lemma term_of_a_sum n m (f : nat -> nat -> nat) p q : p < n -> q < m ->
  f p q <= \big[addn/0]_(a < n) \big[addn/0]_(b < m) f a b.
Proof. move=> pn qm; rewrite (bigD1 (Ordinal pn)) //= (bigD1 (Ordinal qm)) //=. by rewrite -addnA leq_addr. Qed.
Lemma nearer G r m u v : u < G -> v < G -> u <= v + (r + m) -> v <= u + (r + m) ->
  exists w, [/\ w < G, u <= w + r, w <= u + r, w <= v + m & v <= w + m].
Proof. move=> uG vG uv vu; case: (leqP u v) => le.
  by exists (minn v (u + r)); split; lia.
by exists (maxn v (u - r)); split; lia. Qed.

(* L layers of convolution depend on all of the window that lies in the grid, with weights 1 and phi(z) = z.
   For: every G, r and L, every cell, every input in its window. *)
Theorem mdrnn_context_of_layers G r L a b i j : i < G -> j < G -> a < G -> b < G ->
  i <= a + L * r -> a <= i + L * r -> j <= b + L * r -> b <= j + L * r ->
  layers G r (fun _ _ => 0) L i j = 0 /\ 0 < layers G r (one a b) L i j.
Proof. move=> iG jG aG bG ia ai jb bj; split.
  elim: L i j {iG jG ia ai jb bj} => // l IH i j; rewrite /layers /= big1 // => p _; rewrite big1 // => q _.
  by rewrite /padded; case: ifP => // _; apply: IH.
elim: L i j iG jG ia ai jb bj => [|l IH] i j iG jG ia ai jb bj; first by rewrite /layers /one /=; lia.
rewrite mulSn in ia ai jb bj.
have [i' [i'G ii' i'i i'a ai']] := nearer iG aG ia ai; have [j' [j'G jj' j'j j'b bj']] := nearer jG bG jb bj.
apply: leq_trans (IH _ _ i'G j'G i'a ai' j'b bj') _.
apply: leq_trans (term_of_a_sum (fun p q => padded 0 G r (layers G r (one a b) l) (i + p) (j + q))
  (_ : i' + r - i < _) (_ : j' + r - j < _)); try lia.
by rewrite /padded !subnKC ?ifT ?addnK //; lia. Qed.

(* By these four theorems, the MDRNN sees more of its quadrant just where it reaches beyond the window: max(i, j) > L r.
   For: every L and r, every cell. *)
Theorem mdrnn_context_strictly_more L r i j :
  (exists a b, [/\ a <= i, b <= j & ~~ ((i <= a + L * r) && (j <= b + L * r))]) <-> L * r < maxn i j.
Proof. split=> [[a [b [ai bj]]]|]; first by lia. by move=> lt; exists 0, 0; split=> //; lia. Qed.

(* The lengths of the longest chains, by the same networks with max for a sum and one more for phi. *)
Let chain i j := mdrnn 0 maxn S id id id (fun _ _ => 0) i j.
Let chain_of_layers G r L i j := conv 0 maxn S G r (fun _ _ _ => id) (fun _ _ => 0) L i j.

(* A convolutional net's steps are its layers, whatever the grid; the MDRNN's cell (i, j) is at the end of i + j + 1. So
   the net needs fewer just if it has fewer than 2G - 1 layers.
   For: every G from 1 on, every number L of layers, every odd size of the kernels, every cell. *)
Theorem conv_parallel G r L i j : i < G -> j < G ->
  [/\ chain_of_layers G r L i j = L, chain i j = i + j + 1 & (L < chain G.-1 G.-1) = (L < 2 * G - 1)].
Proof. move=> iG jG; have step k l : chain k l
    = (maxn (maxn 0 (if k is k'.+1 then chain k' l else 0)) (if l is l'.+1 then chain k l' else 0)).+1 by exact: mdrnnE.
have chainE k l : chain k l = k + l + 1.
  by elim: k l => [|k IHk] l; elim: l => [|l IHl]; rewrite step ?max0n ?IHk ?IHl //; lia.
split; [|exact: chainE|rewrite chainE; congr (_ < _); lia].
elim: L i j iG jG => // l IH i j iG jG; rewrite /chain_of_layers /=; congr S.
have inside u v : padded 0 G r (chain_of_layers G r l) u v <= l.
  by rewrite /padded; case: ifP => // ok; rewrite IH; lia.
apply/eqP; rewrite eqn_leq; apply/andP; split.
  by apply/bigmax_leqP => p _; apply/bigmax_leqP => q _; apply: inside.
have middle : r < (2 * r).+1 by lia.
apply: leq_trans (leq_bigmax (Ordinal middle)); apply: leq_trans (leq_bigmax (Ordinal middle)).
by rewrite /padded /= !addnK -/(chain_of_layers G r l i j) IH // ifT //; lia. Qed.

(* With G - 1 layers of 3 x 3 kernels, fewer than 2G - 1, or with more, every cell of the net sees its whole quadrant.
   For: every G from 2 on, every number of layers from G - 1 on, every cell. *)
Theorem conv_parallel_sees_the_quadrant G L a b i j : 1 < G -> G - 1 <= L -> i < G -> j < G -> a <= i -> b <= j ->
  G - 1 < 2 * G - 1 /\ 0 < layers G 1 (one a b) L i j.
Proof. by move=> G_big le iG jG ai bj; split; [lia | apply: (mdrnn_context_of_layers _ _ _ _ _ _ _ _).2; lia]. Qed.
End Whole.
