package io.evenkeel.http.mapping;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.support.Netty4HeadersAdapter;
import org.springframework.util.MultiValueMap;

/// The headers of a request, for filters that ask for some twenty of them. Netty makes a hash of
/// each name that it is asked for, and compares names letter by letter. Here most names differ in
/// their lengths already.
///
/// It is read only. Names have no case, as in Netty.
final class FewHeaders extends AbstractMap<String, List<String>>
    implements MultiValueMap<String, String> {
  /// With more headers than this Netty's hashes are faster.
  private static final int MOST = 24;

  private final HttpHeaders all;
  private final CharSequence[] names;
  private final CharSequence[] values;

  private FewHeaders(HttpHeaders all) {
    this.all = all;
    this.names = new CharSequence[all.size()];
    this.values = new CharSequence[names.length];
    Iterator<Map.Entry<CharSequence, CharSequence>> each = all.iteratorCharSequence();
    for (int i = 0; i < names.length; i++) {
      Map.Entry<CharSequence, CharSequence> header = each.next();
      names[i] = header.getKey();
      values[i] = header.getValue();
    }
  }

  /// The headers of a request that has been read.
  static MultiValueMap<String, String> of(HttpHeaders all) {
    return all.size() <= MOST ? new FewHeaders(all) : new Netty4HeadersAdapter(all);
  }

  /// The first place of a name from a place on; −1 if there is none.
  private int find(Object asked, int from) {
    if (asked instanceof String name) {
      for (int i = from; i < names.length; i++) {
        if (names[i].length() == name.length()
            && AsciiString.contentEqualsIgnoreCase(names[i], name)) {
          return i;
        }
      }
    }
    return -1;
  }

  @Override
  public @Nullable String getFirst(String name) {
    int at = find(name, 0);
    return at < 0 ? null : values[at].toString();
  }

  @Override
  public boolean containsKey(Object name) {
    return find(name, 0) >= 0;
  }

  @Override
  public @Nullable List<String> get(Object name) {
    int at = find(name, 0);
    if (at < 0) {
      return null;
    }
    int second = find(name, at + 1);
    if (second < 0) {
      return List.of(values[at].toString());
    }
    List<String> found = new ArrayList<>();
    for (; at >= 0; at = find(name, at + 1)) {
      found.add(values[at].toString());
    }
    return found;
  }

  @Override
  public Set<Entry<String, List<String>>> entrySet() {
    return new Netty4HeadersAdapter(all).entrySet();
  }

  @Override
  public Map<String, String> toSingleValueMap() {
    return new Netty4HeadersAdapter(all).toSingleValueMap();
  }

  @Override
  public void add(String name, @Nullable String value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void addAll(String name, List<? extends @Nullable String> values) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void addAll(MultiValueMap<String, String> headers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void set(String name, @Nullable String value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setAll(Map<String, String> headers) {
    throw new UnsupportedOperationException();
  }
}
