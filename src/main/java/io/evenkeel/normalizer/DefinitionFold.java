package io.evenkeel.normalizer;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.gradients.AffineStep;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.normalizer.NormalizationException.DefinitionConflict;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.Optional;

/// Applies the events that concern the definition, gamma and beta of a normalizer that exists.
record DefinitionFold(Transition at) {

  Fold.Step exists(NormalizerEvent.Created created) {
    if (current().definition().isGivenBy(created.definition())) {
      return at.same(new Outcome.Exists(current()));
    }
    return at.refused(
        new DefinitionConflict(
            current().name().quoted()
                + " exists with another definition; delete it first or choose another name."));
  }

  Fold.Step nameTaken() {
    return at.refused(
        new DefinitionConflict(
            current().name().quoted() + " exists; delete it first or choose another name."));
  }

  Fold.Step replaceAffine(NormalizerEvent.AffineReplaced replaced) {
    Optional<Fold.Step> held =
        at.heldAffine().or(() -> at.otherFeatures(replaced.affine().features()));
    if (held.isPresent()) {
      return held.get();
    }
    return current().affine().equals(replaced.affine())
        ? at.same(new Outcome.Unchanged(current()))
        : at.audited(
            "replace-affine", current().withAffine(replaced.affine(), at.keyed(), at.stamp()));
  }

  Fold.Step stepAffine(NormalizerEvent.AffineStepped stepped) {
    Optional<Fold.Step> held =
        at.heldAffine().or(() -> at.otherFeatures(stepped.step().features()));
    if (held.isPresent()) {
      return held.get();
    }
    Affine next = stepped.step().apply(current().affine());
    int overflow = AffineStep.firstNotFinite(next);
    if (overflow >= 0) {
      return at.overflows(Subject.REQUEST, overflow, "Gamma or beta");
    }
    if (!Double.isFinite(stepped.step().penalty(next))) {
      String detail = "The penalty, l1 times the sum of |gamma|, would not be finite.";
      Fault fault = new Fault("#/l1", Fault.OVERFLOW, detail);
      return at.refused(new InvalidInput(Subject.REQUEST, Faults.of(fault)));
    }
    return next.equals(current().affine())
        ? at.same(new Outcome.Unchanged(current()))
        : at.applied(current().withAffine(next, at.keyed(), at.stamp()));
  }

  Fold.Step replace(NormalizerEvent.DefinitionReplaced replaced) {
    NormalizerDefinition definition = replaced.redefinition().definition();
    boolean same = current().definition().equals(definition);
    Optional<String> conflict =
        same
            ? replaced.redefinition().conflictWithSame()
            : replaced.redefinition().conflictWith(current().definition());
    if (conflict.isPresent()) {
      return at.refused(new DefinitionConflict(conflict.get()));
    }
    if (same) {
      return at.same(new Outcome.Unchanged(current()));
    }
    Normalizer next = current().withDefinition(definition, at.keyed(), at.stamp());
    int overflow = next.running().firstNotFinite();
    return overflow >= 0
        ? at.overflows(Subject.DEFINITION, overflow, "The moments")
        : at.audited("replace-definition", next);
  }

  private Normalizer current() {
    return at.current();
  }
}
