package io.evenkeel.engine.sqlite;

import io.evenkeel.engine.store.AuditTable;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How much of the audit trail is kept.
///
/// @param kept how many commands, the latest
@Validated
@ConfigurationProperties("evenkeel.audit")
public record AuditProperties(@DefaultValue("1000000") @Min(1) long kept) {
  /// As many as are kept unless the operator says otherwise.
  public static final AuditProperties DEFAULT = new AuditProperties(AuditTable.KEPT);
}
