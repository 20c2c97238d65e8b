package io.evenkeel.surface.normalizers;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/// What serves inference: `{"snapshot": "2026-11"}`, or null for the present state. The member is
/// required: an empty body must not take a snapshot out of service.
record ServingDocument(@JsonProperty(required = true) @Nullable String snapshot) {}
