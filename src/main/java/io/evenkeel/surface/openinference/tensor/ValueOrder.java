package io.evenkeel.surface.openinference.tensor;

/// Where in a row-major matrix `[N × D]` the values of a tensor stand.
sealed interface ValueOrder {
  /// Copies values of the tensor.
  ///
  /// @param matrix `[N × D]`
  /// @param from the index in the tensor of the first value
  void copy(double[] matrix, int from, int count, double[] into);

  /// The tensor is the matrix.
  record RowMajor() implements ValueOrder {
    @Override
    public void copy(double[] matrix, int from, int count, double[] into) {
      System.arraycopy(matrix, from, into, 0, count);
    }
  }

  /// The tensor is `[n, C, inner]`: a row of the matrix is one place of all channels.
  ///
  /// @param inner how many places a channel has
  record ChannelsFirst(int channels, int inner) implements ValueOrder {
    @Override
    public void copy(double[] matrix, int from, int count, double[] into) {
      int block = channels * inner;
      for (int k = 0; k < count; k++) {
        int index = from + k;
        int start = index - index % block;
        int within = index - start;
        into[k] = matrix[start + within % inner * channels + within / inner];
      }
    }

    /// Makes a row-major matrix of the tensor, in place.
    ///
    /// @param scratch as large as one of its blocks
    void toMatrix(double[] tensor, int size, double[] scratch) {
      int block = channels * inner;
      for (int start = 0; start < size; start += block) {
        System.arraycopy(tensor, start, scratch, 0, block);
        for (int c = 0; c < channels; c++) {
          for (int s = 0; s < inner; s++) {
            tensor[start + s * channels + c] = scratch[c * inner + s];
          }
        }
      }
    }
  }

  /// The tensor is a column of the matrix.
  record OneColumn(int feature, int features) implements ValueOrder {
    @Override
    public void copy(double[] matrix, int from, int count, double[] into) {
      for (int k = 0; k < count; k++) {
        into[k] = matrix[(from + k) * features + feature];
      }
    }
  }
}
