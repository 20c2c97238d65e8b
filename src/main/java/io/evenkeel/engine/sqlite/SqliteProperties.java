package io.evenkeel.engine.sqlite;

import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// Where the log is kept on one machine.
///
/// @param directory of the store, made if missing, for one process alone;
///   [StoreDirectory#IN_MEMORY][io.evenkeel.engine.store.StoreDirectory#IN_MEMORY] for a store that
///   is gone when the process ends
@Validated
@ConfigurationProperties("evenkeel.store")
public record SqliteProperties(@DefaultValue("data") @NotBlank String directory) {}
