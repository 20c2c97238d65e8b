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
/// Start reading at [io.evenkeel.simulator.Simulation], then [io.evenkeel.simulator.Journal], which
/// says what must hold. [io.evenkeel.simulator.Mutant] shows that the simulator can fail.
@NullMarked
package io.evenkeel.simulator;

import org.jspecify.annotations.NullMarked;
