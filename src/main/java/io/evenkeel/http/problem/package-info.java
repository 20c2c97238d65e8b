/// Refusals: each error of the domain, of a body and of Spring becomes one problem document by RFC
/// 9457.
///
/// Start reading at [io.evenkeel.http.problem.Problems], then
/// [io.evenkeel.http.problem.ProblemType].
@NullMarked
package io.evenkeel.http.problem;

import org.jspecify.annotations.NullMarked;
