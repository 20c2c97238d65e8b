/// How much may be under way: the ledger of memory that each request is charged to before it
/// allocates, the share of each client, and refusals on the connection before there is a request.
///
/// Start reading at [io.evenkeel.http.load.LoadLimits], then [io.evenkeel.http.load.MemoryLedger]
/// and [io.evenkeel.http.load.LoadShedding].
@NullMarked
package io.evenkeel.http.load;

import org.jspecify.annotations.NullMarked;
