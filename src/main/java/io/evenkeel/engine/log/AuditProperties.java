package io.evenkeel.engine.log;

import io.evenkeel.engine.store.AuditTable;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// The length of the audit trail.
///
/// @param kept how many of the latest commands the trail keeps
@Validated
@ConfigurationProperties("evenkeel.audit")
public record AuditProperties(@DefaultValue("1000000") @Min(1) long kept) {
  /// The default length.
  public static final AuditProperties DEFAULT = new AuditProperties(AuditTable.KEPT);
}
