/// Routes: the handlers and the roles that they need, strict queries and paths, the short way of
/// batch requests to their handlers, the OpenAPI document, and requests that wait for a version.
///
/// ```
/// POST of a batch, target known:  DirectBatches           -> ShortWay -> filters -> DirectHandler
/// POST of a batch:                Reactor Netty -> Spring -> ShortWay -> filters -> DirectHandler
/// anything else:                  Reactor Netty -> Spring -> filters -> StrictMapping -> handler
/// ```
///
/// All ask [io.evenkeel.http.mapping.HandlerRoutes] for the route. Start reading there, then at
/// [io.evenkeel.http.mapping.ShortWay].
@NullMarked
package io.evenkeel.http.mapping;

import org.jspecify.annotations.NullMarked;
