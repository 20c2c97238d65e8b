package io.evenkeel.normalizer;

import java.time.Instant;
import java.util.Optional;

/// One command that was carried out.
///
/// @param position in the log
/// @param command `create`, `import`, `delete`, `freeze`, `unfreeze`, `reset`, `merge`,
///   `replace-statistics`, `replace-affine`, `replace-definition`, `take-snapshot`,
///   `delete-snapshot`, `restore`, `serve`
/// @param version the version that the command made; for `delete` the last one
public record AuditEntry(
    long position,
    Instant at,
    Optional<String> actor,
    String command,
    NormalizerName normalizer,
    long version,
    Optional<String> reason) {}
