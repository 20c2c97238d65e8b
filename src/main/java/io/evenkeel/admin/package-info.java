/// Administration: freeze, unfreeze, reset; snapshots and the way back to them; statistics from
/// elsewhere; the trail that commands leave; and a copy of the whole store.
///
/// It serves operators under `/api/v1/admin`. It may know `normalizer`, `validation` and, of
/// `http`, the commands, views and problems that both surfaces share.
@NullMarked
package io.evenkeel.admin;

import org.jspecify.annotations.NullMarked;
