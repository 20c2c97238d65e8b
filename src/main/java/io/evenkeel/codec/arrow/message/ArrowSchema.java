package io.evenkeel.codec.arrow.message;

import java.util.List;
import java.util.Map;

/// The columns of a table, and what its writer noted beside them.
///
/// @param notes the metadata of the schema, in the order in which they came
public record ArrowSchema(List<ArrowField> fields, Map<String, String> notes) {}
