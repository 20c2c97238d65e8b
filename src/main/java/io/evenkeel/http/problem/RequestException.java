package io.evenkeel.http.problem;

/// Why a request is refused, whatever normalizer it is for. It knows no protocol.
///
/// The messages are for the client; no stack trace is taken.
public abstract sealed class RequestException extends RuntimeException {

  private RequestException(String detail) {
    super(detail, null, false, false);
  }

  /// The sentence for the client.
  public final String detail() {
    return String.valueOf(getMessage());
  }

  /// A query parameter, header or name that is not what it must be.
  public static final class BadParameter extends RequestException {
    /// With a sentence for the client.
    public BadParameter(String detail) {
      super(detail);
    }
  }

  /// A request that is not framed as HTTP demands.
  public static final class BrokenRequest extends RequestException {
    public BrokenRequest(String detail) {
      super(detail);
    }
  }

  /// An answer that cannot be as its client accepts it.
  public static final class NotAcceptable extends RequestException {
    /// With a sentence for the client.
    public NotAcceptable(String detail) {
      super(detail);
    }
  }

  /// A path that leads nowhere.
  public static final class NotFound extends RequestException {
    public NotFound(String detail) {
      super(detail);
    }
  }

  /// A request without a valid credential.
  public static final class Unauthenticated extends RequestException {
    /// With a sentence for the client.
    public Unauthenticated(String detail) {
      super(detail);
    }
  }

  /// A request that its caller may not send.
  public static final class Forbidden extends RequestException {
    /// With a sentence for the client.
    public Forbidden(String detail) {
      super(detail);
    }
  }

  /// A request for a host that is not this service.
  public static final class Misdirected extends RequestException {
    /// With a sentence for the client.
    public Misdirected(String detail) {
      super(detail);
    }
  }

  /// A client that sends more than it may.
  public static final class TooManyRequests extends RequestException {
    public TooManyRequests(String detail) {
      super(detail);
    }
  }

  /// More requests than the service holds at a time.
  public static final class Busy extends RequestException {
    public Busy(String detail) {
      super(detail);
    }
  }

  /// A version that this replica has not reached.
  public static final class Behind extends RequestException {
    public Behind(String detail) {
      super(detail);
    }
  }

  /// A body that stalls or comes too slowly.
  public static final class BodyTooSlow extends RequestException {
    public BodyTooSlow(String detail) {
      super(detail);
    }
  }

  /// A token that cannot be checked, since its issuer does not answer.
  public static final class IssuerUnavailable extends RequestException {
    /// With a sentence for the client.
    public IssuerUnavailable() {
      super("The issuer of tokens cannot be reached; try again, or use an API key.");
    }
  }

  /// A body above the limit.
  public static final class BodyTooLarge extends RequestException {
    public BodyTooLarge(long limit) {
      super(
          "The body is larger than "
              + limit
              + " bytes; send fewer rows at a time. :observe and :normalize?batchRows= take bodies"
              + " of any length.");
    }

    /// A body of any length whose coding stands for more than there can be in it.
    ///
    /// @param times its bytes
    public BodyTooLarge(long limit, int times) {
      super(
          "The body decompresses to more than "
              + limit
              + " bytes and to more than "
              + times
              + " times its own size; send it uncompressed.");
    }
  }

  /// A request that would take more memory than there is for one.
  public static final class NeverFits extends RequestException {
    public NeverFits(long most) {
      super(
          "The request takes more than "
              + most
              + " bytes of memory, the most for one request (8 for each number, missing ones and a"
              + " copy included); send fewer rows at a time, or a smaller batchRows.");
    }
  }

  /// A body in a coding that is not accepted here.
  public static final class EncodedBody extends RequestException {
    /// @param codings the names of those that are
    public EncodedBody(String coding, String codings) {
      super(
          "The body's Content-Encoding '"
              + coding
              + "' cannot be read; send "
              + codings
              + ", or the body as it is.");
    }
  }
}
