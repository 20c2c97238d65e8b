/// Routes: the handlers and the roles that they need, strict queries and paths, the short way of
/// batch requests to their handlers, the OpenAPI document, and requests that wait for a version.
///
/// Start reading at [io.evenkeel.http.mapping.HandlerRoutes], then
/// [io.evenkeel.http.mapping.HttpConfiguration].
@NullMarked
package io.evenkeel.http.mapping;

import org.jspecify.annotations.NullMarked;
