/// A deterministic simulator of the fold and the log: clients, a network, a process and a disk on
/// one thread, in a time of their own, all by one seed. The log is that of production, driven step
/// by step; what fails, and when, is chance, and what must hold whatever fails is looked at after
/// each step. In the spirit of the simulators of FoundationDB and TigerBeetle.
///
/// ```
/// Client -> Request -> (network: delays, doubles, loses) -> Server -> SteppedLog -> SimulatedDisk
///                                                             |
///                                            Journal: Ledger (counts), Replay (bits)
/// ```
///
/// [io.evenkeel.simulator.ReplicaSimulation] does the same with two or three replicas on one real
/// PostgreSQL. Each statement of each of their threads is a step, and between any two steps others
/// may have their turn; a session, a commit or a process may be lost at each. What each replica
/// shows is compared with the [io.evenkeel.simulator.History] of the commits.
///
/// ```
/// Client -> Request -> Replica -> SteppedReplica -> SimulatedHost -> SimulatedSession -> PostgreSQL
///                      (any)      its threads are Strands: one at a time, in the order of the seed
/// ```
///
/// Start reading at [io.evenkeel.simulator.Simulation], then [io.evenkeel.simulator.Journal], which
/// says what must hold. [io.evenkeel.simulator.Mutant] shows that the simulator can fail.
@NullMarked
package io.evenkeel.simulator;

import org.jspecify.annotations.NullMarked;
