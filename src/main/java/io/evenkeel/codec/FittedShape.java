package io.evenkeel.codec;

import io.evenkeel.codec.rows.RowShape;

/// The shape of a batch as the format of its answer has it.
///
/// @param bytes how much memory it takes beside the shape in which the rows came
public record FittedShape(RowShape shape, long bytes) {}
