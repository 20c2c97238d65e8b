package io.evenkeel.simulator;

import io.evenkeel.normalizer.NormalizationException.UnknownNormalizer;
import io.evenkeel.normalizer.NormalizationException.VersionMismatch;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// What is to become of the kept events, in their order: an independent book of counts, versions,
/// keys and freezes to hold the log against.
final class Ledger {
  private final Map<NormalizerName, Account> accounts = new HashMap<>();
  private long position;

  /// The next change has the position behind this one.
  void moveTo(long next) {
    position = next;
  }

  Verdict enter(NormalizerEvent event, Instant at) {
    Account account = accounts.get(event.envelope().name());
    Verdict verdict = account == null ? open(event, at) : account.enter(event, at);
    if (verdict.is("deleted")) {
      accounts.remove(event.envelope().name());
    }
    if (verdict.is("created") || verdict.is("applied") || verdict.is("deleted")) {
      position++;
    }
    return verdict;
  }

  private Verdict open(NormalizerEvent event, Instant at) {
    Account made;
    switch (event) {
      case NormalizerEvent.Created created ->
          made = new Account(position + 1, created.definition());
      case NormalizerEvent.Imported imported -> made = Account.imported(position + 1, imported, at);
      default -> {
        return Verdict.refused(UnknownNormalizer.class);
      }
    }
    if (!event.envelope().condition().holdsForFreeName()) {
      return Verdict.refused(VersionMismatch.class);
    }
    accounts.put(event.envelope().name(), made);
    return made.verdict("created", 0);
  }
}
