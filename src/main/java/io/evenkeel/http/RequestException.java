package io.evenkeel.http;

/// A request that cannot be taken as it is, whatever normalizer it is for.
///
/// The messages are for the client; no stack trace is taken.
public abstract sealed class RequestException extends RuntimeException {

  private RequestException(String detail) {
    super(detail, null, false, false);
  }

  /// The sentence for the client.
  final String detail() {
    return String.valueOf(getMessage());
  }

  /// A query parameter, header or name that is not what it must be.
  public static final class BadParameter extends RequestException {
    /// With a sentence for the client.
    public BadParameter(String detail) {
      super(detail);
    }
  }

  /// A path that leads nowhere.
  static final class NotFound extends RequestException {
    NotFound(String detail) {
      super(detail);
    }
  }

  /// A body above the limit.
  static final class BodyTooLarge extends RequestException {
    BodyTooLarge(long limit) {
      super("The body is larger than " + limit + " bytes.");
    }
  }

  /// A body of a media type that this process cannot read as it was started.
  static final class UnusableFormat extends RequestException {
    UnusableFormat(String mediaType, String others) {
      super(
          "The service was started without what it needs for "
              + mediaType
              + "; it can read "
              + others
              + ".");
    }
  }

  /// A body in a coding, such as gzip, that is not undone here.
  static final class EncodedBody extends RequestException {
    EncodedBody(String coding) {
      super("The body's Content-Encoding " + coding + " cannot be read; send the body as it is.");
    }
  }
}
