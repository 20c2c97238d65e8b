/// Refusals: each error of the domain, of a body, of Spring and of Jackson becomes one
/// [io.evenkeel.http.problem.Refusal], and over HTTP one problem document by RFC 9457.
///
/// Start reading at [io.evenkeel.http.problem.Refusal], then [io.evenkeel.http.problem.Problems].
@NullMarked
package io.evenkeel.http.problem;

import org.jspecify.annotations.NullMarked;
