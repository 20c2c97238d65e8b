/// The backward pass: gradients of the answers in, gradients of the rows, of gamma and of beta out;
/// the step of gamma and beta with an L1 penalty; and which features it makes superfluous.
///
/// It knows all of `batchnorm`, and nothing else of ours.
///
/// Start reading at [io.evenkeel.batchnorm.gradients.Gradients], then
/// [io.evenkeel.batchnorm.gradients.AffineStep].
@NullMarked
package io.evenkeel.batchnorm.gradients;

import org.jspecify.annotations.NullMarked;
