package io.evenkeel.security;

/// The service would be open to other machines, and no setting says that it should be.
final class UnguardedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnguardedException(String address) {
    super(
        "The service would listen on "
            + address
            + ", where others than this machine may reach it, and has no credentials to tell them"
            + " apart by.");
  }
}
