/// The page at `/` for people: what comes in, and what normalising does to it. The browser does the
/// work, by the same routes as any other client.
///
/// Start reading at [io.evenkeel.surface.dashboard.PageController], and then at
/// `src/main/resources/static/page/main.js`.
@NullMarked
package io.evenkeel.surface.dashboard;

import org.jspecify.annotations.NullMarked;
