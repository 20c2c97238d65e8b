package io.evenkeel.codec;

import io.evenkeel.validation.ReceivedBatch;

/// A body's rows, or the last part of them, and the shape in which to answer.
public record DecodedBatch(ReceivedBatch batch, RowShape shape) {}
