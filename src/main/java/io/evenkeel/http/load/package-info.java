/// Limits how much is under way: a ledger charges each request for memory before it allocates any,
/// each client has a share, refusals are given on the connection before the service sees the
/// request, inference goes before training, and under overload requests are left unread.
///
/// Start reading at [io.evenkeel.http.load.LoadLimits], then [io.evenkeel.http.load.MemoryLedger]
/// and [io.evenkeel.http.load.LoadShedding].
@NullMarked
package io.evenkeel.http.load;

import org.jspecify.annotations.NullMarked;
