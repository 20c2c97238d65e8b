/// Several replicas of the packaged jar on one PostgreSQL with a synchronous standby, while
/// replicas, connections and the database fail. Each test compares what clients were told with what
/// the replicas hold afterwards.
///
/// PostgreSQL runs from the programs of this machine, in a directory of the test. Where there are
/// none the tests are skipped, and say so. How long they go on, the build's profile `evidence`
/// says.
///
/// Start reading at [io.evenkeel.faults.replicas.Book], which can be wrong in no other way than its
/// own test shows.
@NullMarked
package io.evenkeel.faults.replicas;

import org.jspecify.annotations.NullMarked;
