package io.evenkeel.surface.normalizers;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// A column of a sample as JSON: whether it became a feature, and why if it did not.
record ColumnView(
    String name, boolean taken, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String why) {}
