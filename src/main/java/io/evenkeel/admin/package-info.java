/// Administration: freeze, unfreeze, reset, and the trail that commands leave.
///
/// It serves operators under `/api/v1/admin`. It may know `normalizer`, `validation` and, of
/// `http`, the conditions, views and problems that both surfaces share.
@NullMarked
package io.evenkeel.admin;

import org.jspecify.annotations.NullMarked;
