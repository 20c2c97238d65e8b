/// Administration under `/api/v1/admin`: freeze, unfreeze, reset, merge; snapshots and the way back
/// to them; the audit trail; a copy of the whole store.
///
/// Start reading at [io.evenkeel.surface.admin.AdminController].
@NullMarked
package io.evenkeel.surface.admin;

import org.jspecify.annotations.NullMarked;
