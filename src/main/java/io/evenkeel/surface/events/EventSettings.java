package io.evenkeel.surface.events;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// The settings of event streams.
///
/// @param streams how many may be open; one client may have half of them
@Validated
@ConfigurationProperties("evenkeel.events")
record EventSettings(@DefaultValue("1000") @Min(2) @Max(100_000) int streams) {}
