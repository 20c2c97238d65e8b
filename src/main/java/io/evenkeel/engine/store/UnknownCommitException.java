package io.evenkeel.engine.store;

import java.sql.SQLException;
import java.util.UUID;

/// The connection broke while a transaction was being committed: it was, or it was not.
public final class UnknownCommitException extends SQLException {
  private final String transaction;
  private final UUID mark;

  UnknownCommitException(String transaction, UUID mark, Throwable cause) {
    super("the connection broke during a commit: " + cause.getMessage(), cause);
    this.transaction = transaction;
    this.mark = mark;
  }

  /// The id of the transaction, as the server writes it.
  public String transaction() {
    return transaction;
  }

  /// What the transaction wrote into `touched`, if it was committed. No other transaction has it,
  /// not even one of the same id on another server.
  public UUID mark() {
    return mark;
  }
}
