// The decoder's passes over memory as kernels of TensorFlow, each fused into as few passes as it needs. Matrix products
// stay TensorFlow's own, but for attention's, half of which no query sees. Compiled into tfjs-node-gpu's addon by the
// set-up and called by name from tensors/ops.ts, which holds the same operations in stock form beside them; test/tensors
// holds the two against each other. lib/wasm/kernels.ts is the wasm backend's counterpart.
//
// Written against TensorFlow's C interface (tensorflow/c/ops.h, kernels.h), which is stable across its versions. Plain
// loops that the compiler vectorizes; work is cut into fixed pieces, so that the result does not depend on which thread
// does which.
//
// Shapes: N = B·T tokens, C width, F feed-forward width, B sequences, T positions, H query heads, G key/value heads,
// D head width, V vocabulary, M nodes of a tree.

#include <algorithm>
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_datatype.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

namespace {

// ---- threads ---------------------------------------------------------------------------------------------------------

// Workers that wait for pieces of one job; the caller works too. Jobs come one at a time: TensorFlow runs eager kernels
// on the calling thread.
class Workers {
 public:
  static Workers& get() {
    static Workers* workers = new Workers;  // never destroyed: threads may outlive static destructors
    return *workers;
  }

  void run(int64_t pieces, const std::function<void(int64_t)>& work) {
    if (pieces <= 1 || threads_.empty()) {
      for (int64_t piece = 0; piece < pieces; piece++) work(piece);
      return;
    }
    {
      std::lock_guard<std::mutex> lock(mutex_);
      work_ = &work;
      pieces_ = pieces;
      next_.store(0);
      busy_ = static_cast<int>(threads_.size());
      job_++;
    }
    wake_.notify_all();
    take(work, pieces);
    std::unique_lock<std::mutex> lock(mutex_);
    done_.wait(lock, [this] { return busy_ == 0; });
  }

 private:
  Workers() {
    const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
    for (unsigned i = 1; i < cores; i++) {
      threads_.emplace_back([this] { serve(); });
      threads_.back().detach();
    }
  }

  void take(const std::function<void(int64_t)>& work, int64_t pieces) {
    for (int64_t piece; (piece = next_.fetch_add(1)) < pieces;) work(piece);
  }

  void serve() {
    uint64_t seen = 0;
    for (;;) {
      const std::function<void(int64_t)>* work;
      int64_t pieces;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        wake_.wait(lock, [&] { return job_ != seen; });
        seen = job_;
        work = work_;
        pieces = pieces_;
      }
      take(*work, pieces);
      std::lock_guard<std::mutex> lock(mutex_);
      if (--busy_ == 0) done_.notify_one();
    }
  }

  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  const std::function<void(int64_t)>* work_ = nullptr;
  std::atomic<int64_t> next_{0};
  int64_t pieces_ = 0;
  int busy_ = 0;
  uint64_t job_ = 0;
};

// Cuts [0, n) into pieces of about `grain` and runs body(begin, end, piece) on each.
template <typename Body>
void parallel(int64_t n, int64_t grain, const Body& body) {
  const int64_t pieces = (n + grain - 1) / grain;
  Workers::get().run(pieces, [&](int64_t piece) { body(piece * grain, std::min(n, (piece + 1) * grain), piece); });
}

constexpr int64_t kElements = 1 << 15;  // of a piece: large enough to pay for waking a thread

int64_t rowsOf(int64_t width) { return std::max<int64_t>(1, kElements / std::max<int64_t>(1, width)); }

// ---- arithmetic ------------------------------------------------------------------------------------------------------

// exp to 2 ulp (Cephes, expf.c), without a branch, so that loops over it vectorize.
inline float fastExp(float x) {
  x = std::min(88.0f, std::max(-87.0f, x));
  const float n = std::nearbyintf(x * 1.44269504088896341f);
  float r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const int32_t bits = (static_cast<int32_t>(n) + 127) << 23;
  float power;
  std::memcpy(&power, &bits, sizeof power);
  return p * power;
}

inline float sigmoid(float x) { return 1.0f / (1.0f + fastExp(-x)); }

// ---- TensorFlow's C interface, a little shorter ----------------------------------------------------------------------

struct Input {
  TF_Tensor* tensor = nullptr;
  Input(TF_OpKernelContext* context, int index, TF_Status* status) { TF_GetInput(context, index, &tensor, status); }
  ~Input() { TF_DeleteTensor(tensor); }
  Input(const Input&) = delete;
  float* data() const { return static_cast<float*>(TF_TensorData(tensor)); }
  const int32_t* ints() const { return static_cast<const int32_t*>(TF_TensorData(tensor)); }
  int64_t size() const { return TF_TensorElementCount(tensor); }
  int64_t dim(int i) const { return TF_Dim(tensor, i); }
  int rank() const { return TF_NumDims(tensor); }
};

struct Output {
  TF_Tensor* tensor = nullptr;
  Output(TF_OpKernelContext* context, int index, std::vector<int64_t> shape, TF_Status* status) {
    int64_t size = 1;
    for (int64_t dim : shape) size *= dim;
    tensor = TF_AllocateOutput(context, index, TF_FLOAT, shape.data(), static_cast<int>(shape.size()),
                               static_cast<size_t>(size) * sizeof(float), status);
  }
  ~Output() { TF_DeleteTensor(tensor); }
  Output(const Output&) = delete;
  float* data() const { return static_cast<float*>(TF_TensorData(tensor)); }
};

struct Status {
  TF_Status* status = TF_NewStatus();
  ~Status() { TF_DeleteStatus(status); }
  operator TF_Status*() const { return status; }
};

// ---- RMSNorm: y = x · r · g, r = 1 / sqrt(mean(x²) + eps) --------------------------------------------------------------

void rmsNorm(void*, TF_OpKernelContext* context) {
  Status status;
  const Input x(context, 0, status), gain(context, 1, status), epsilon(context, 2, status);
  const int64_t n = x.dim(0), c = x.dim(1);
  const Output y(context, 0, {n, c}, status), scale(context, 1, {n}, status);
  const float* g = gain.data();
  const float eps = *epsilon.data();
  parallel(n, rowsOf(c), [&](int64_t begin, int64_t end, int64_t) {
    for (int64_t row = begin; row < end; row++) {
      const float* in = x.data() + row * c;
      float* out = y.data() + row * c;
      float squares = 0;
      for (int64_t i = 0; i < c; i++) squares += in[i] * in[i];
      const float r = 1.0f / std::sqrt(squares / static_cast<float>(c) + eps);
      scale.data()[row] = r;
      for (int64_t i = 0; i < c; i++) out[i] = in[i] * r * g[i];
    }
  });
}

void rmsNormGradient(void*, TF_OpKernelContext* context) {
  Status status;
  const Input dy(context, 0, status), x(context, 1, status), gain(context, 2, status), scale(context, 3, status);
  const int64_t n = x.dim(0), c = x.dim(1);
  const Output dx(context, 0, {n, c}, status), dgain(context, 1, {c}, status);
  const float* g = gain.data();
  const int64_t grain = rowsOf(c);
  const int64_t pieces = (n + grain - 1) / grain;
  std::vector<float> partial(static_cast<size_t>(pieces * c), 0.0f);
  parallel(n, grain, [&](int64_t begin, int64_t end, int64_t piece) {
    float* sum = partial.data() + piece * c;
    for (int64_t row = begin; row < end; row++) {
      const float* d = dy.data() + row * c;
      const float* in = x.data() + row * c;
      float* out = dx.data() + row * c;
      const float r = scale.data()[row];
      float along = 0;
      for (int64_t i = 0; i < c; i++) along += d[i] * g[i] * in[i];
      along *= r * r / static_cast<float>(c);
      for (int64_t i = 0; i < c; i++) {
        sum[i] += d[i] * in[i] * r;
        out[i] = (d[i] * g[i] - in[i] * along) * r;
      }
    }
  });
  float* total = dgain.data();
  std::fill(total, total + c, 0.0f);
  for (int64_t piece = 0; piece < pieces; piece++)
    for (int64_t i = 0; i < c; i++) total[i] += partial[static_cast<size_t>(piece * c + i)];
}

// ---- LayerNorm: y = (x - mean) · r · g + b, r = 1 / sqrt(variance + eps) ----------------------------------------------

void layerNorm(void*, TF_OpKernelContext* context) {
  Status status;
  const Input x(context, 0, status), gain(context, 1, status), bias(context, 2, status), epsilon(context, 3, status);
  const int64_t n = x.dim(0), c = x.dim(1);
  const Output y(context, 0, {n, c}, status), means(context, 1, {n}, status), scale(context, 2, {n}, status);
  const float *g = gain.data(), *b = bias.data();
  const float eps = *epsilon.data();
  parallel(n, rowsOf(c), [&](int64_t begin, int64_t end, int64_t) {
    for (int64_t row = begin; row < end; row++) {
      const float* in = x.data() + row * c;
      float* out = y.data() + row * c;
      float sum = 0, squares = 0;
      for (int64_t i = 0; i < c; i++) sum += in[i];
      const float mean = sum / static_cast<float>(c);
      for (int64_t i = 0; i < c; i++) squares += (in[i] - mean) * (in[i] - mean);
      const float r = 1.0f / std::sqrt(squares / static_cast<float>(c) + eps);
      means.data()[row] = mean;
      scale.data()[row] = r;
      for (int64_t i = 0; i < c; i++) out[i] = (in[i] - mean) * r * g[i] + b[i];
    }
  });
}

void layerNormGradient(void*, TF_OpKernelContext* context) {
  Status status;
  const Input dy(context, 0, status), x(context, 1, status), gain(context, 2, status), means(context, 3, status),
      scale(context, 4, status);
  const int64_t n = x.dim(0), c = x.dim(1);
  const Output dx(context, 0, {n, c}, status), dgain(context, 1, {c}, status), dbias(context, 2, {c}, status);
  const float* g = gain.data();
  const int64_t grain = rowsOf(c);
  const int64_t pieces = (n + grain - 1) / grain;
  std::vector<float> partial(static_cast<size_t>(2 * pieces * c), 0.0f);
  parallel(n, grain, [&](int64_t begin, int64_t end, int64_t piece) {
    float *ofGain = partial.data() + 2 * piece * c, *ofBias = ofGain + c;
    for (int64_t row = begin; row < end; row++) {
      const float* d = dy.data() + row * c;
      const float* in = x.data() + row * c;
      float* out = dx.data() + row * c;
      const float mean = means.data()[row], r = scale.data()[row];
      float slopes = 0, along = 0;
      for (int64_t i = 0; i < c; i++) {
        slopes += d[i] * g[i];
        along += d[i] * g[i] * (in[i] - mean);
      }
      slopes /= static_cast<float>(c);
      along *= r * r / static_cast<float>(c);
      for (int64_t i = 0; i < c; i++) {
        ofGain[i] += d[i] * (in[i] - mean) * r;
        ofBias[i] += d[i];
        out[i] = (d[i] * g[i] - slopes - (in[i] - mean) * along) * r;
      }
    }
  });
  std::fill(dgain.data(), dgain.data() + c, 0.0f);
  std::fill(dbias.data(), dbias.data() + c, 0.0f);
  for (int64_t piece = 0; piece < pieces; piece++) {
    for (int64_t i = 0; i < c; i++) {
      dgain.data()[i] += partial[static_cast<size_t>(2 * piece * c + i)];
      dbias.data()[i] += partial[static_cast<size_t>((2 * piece + 1) * c + i)];
    }
  }
}

// ---- SwiGLU: y = gate · sigmoid(gate) · up ----------------------------------------------------------------------------

void swiglu(void*, TF_OpKernelContext* context) {
  Status status;
  const Input gate(context, 0, status), up(context, 1, status);
  const Output y(context, 0, {gate.dim(0), gate.dim(1)}, status);
  const float *a = gate.data(), *b = up.data();
  float* out = y.data();
  parallel(gate.size(), kElements, [&](int64_t begin, int64_t end, int64_t) {
    for (int64_t i = begin; i < end; i++) out[i] = a[i] * sigmoid(a[i]) * b[i];
  });
}

void swigluGradient(void*, TF_OpKernelContext* context) {
  Status status;
  const Input dy(context, 0, status), gate(context, 1, status), up(context, 2, status);
  const Output dgate(context, 0, {gate.dim(0), gate.dim(1)}, status), dup(context, 1, {gate.dim(0), gate.dim(1)}, status);
  const float *d = dy.data(), *a = gate.data(), *b = up.data();
  float *da = dgate.data(), *db = dup.data();
  parallel(gate.size(), kElements, [&](int64_t begin, int64_t end, int64_t) {
    for (int64_t i = begin; i < end; i++) {
      const float s = sigmoid(a[i]);
      const float silu = a[i] * s;
      da[i] = d[i] * b[i] * (s + silu * (1.0f - s));
      db[i] = d[i] * silu;
    }
  });
}

// ---- GELU: y = x · F(x), F the normal distribution's -------------------------------------------------------------------

// F(x) to 1e-7 (Abramowitz and Stegun 7.1.26), without a branch; density is the normal's at x.
inline float normalBelow(float x, float& density) {
  const float e = fastExp(-0.5f * x * x);
  density = e * 0.39894228f;
  const float t = 1.0f / (1.0f + 0.3275911f * 0.70710678f * std::fabs(x));
  float p = 1.061405429f;
  p = p * t - 1.453152027f;
  p = p * t + 1.421413741f;
  p = p * t - 0.284496736f;
  p = p * t + 0.254829592f;
  const float tail = 0.5f * p * t * e;
  return x < 0 ? tail : 1.0f - tail;
}

void gelu(void*, TF_OpKernelContext* context) {
  Status status;
  const Input x(context, 0, status);
  const Output y(context, 0, {x.dim(0), x.dim(1)}, status);
  const float* in = x.data();
  float* out = y.data();
  parallel(x.size(), kElements, [&](int64_t begin, int64_t end, int64_t) {
    for (int64_t i = begin; i < end; i++) {
      float density;
      out[i] = in[i] * normalBelow(in[i], density);
    }
  });
}

void geluGradient(void*, TF_OpKernelContext* context) {
  Status status;
  const Input dy(context, 0, status), x(context, 1, status);
  const Output dx(context, 0, {x.dim(0), x.dim(1)}, status);
  const float *d = dy.data(), *in = x.data();
  float* out = dx.data();
  parallel(x.size(), kElements, [&](int64_t begin, int64_t end, int64_t) {
    for (int64_t i = begin; i < end; i++) {
      float density;
      const float below = normalBelow(in[i], density);
      out[i] = d[i] * (below + in[i] * density);
    }
  });
}

// ---- Attention's passes ----------------------------------------------------------------------------------------------

// [B·T, G·D] to [B, H, T, D], turned by rotary positions where cos and sin are given, times a factor; every one of the
// G heads stands H/G times in a row.
void toHeads(void*, TF_OpKernelContext* context) {
  Status status;
  const Input x(context, 0, status), cosine(context, 1, status), sine(context, 2, status), sizes(context, 3, status),
      factor(context, 4, status);
  const int32_t* s = sizes.ints();
  const int64_t B = s[0], T = s[1], H = s[2], G = s[3], D = s[4], half = D / 2;
  const bool turn = cosine.size() > 0;
  const float f = *factor.data();
  const Output y(context, 0, {B, H, T, D}, status);
  parallel(B * T, rowsOf(H * D), [&](int64_t begin, int64_t end, int64_t) {
    for (int64_t row = begin; row < end; row++) {
      const int64_t b = row / T, t = row % T;
      for (int64_t h = 0; h < H; h++) {
        const float* in = x.data() + row * G * D + (h / (H / G)) * D;
        float* out = y.data() + ((b * H + h) * T + t) * D;
        if (!turn) {
          for (int64_t i = 0; i < D; i++) out[i] = in[i] * f;
          continue;
        }
        const float *c = cosine.data() + t * D, *n = sine.data() + t * D;
        for (int64_t i = 0; i < half; i++) {
          out[i] = (in[i] * c[i] - in[i + half] * n[i]) * f;
          out[i + half] = (in[i + half] * c[i] + in[i] * n[i]) * f;
        }
      }
    }
  });
}

// ---- Small matrix products, inside of attention ------------------------------------------------------------------------

// 16 floats that may stand anywhere (GCC's and Clang's vectors; one register or several, as the processor has them).
typedef float Vector __attribute__((vector_size(64), aligned(4), may_alias));

// A matrix whose rows and columns stand so many floats apart, so that its transpose is one too.
struct Matrix {
  const float* data;
  int64_t row, column;
};

// out += a b for R rows of a and 16 columns of b; the tile stays in registers.
template <int R>
inline void multiplyTile(Matrix a, const float* b, int64_t bStride, int64_t length, float* out, int64_t outStride) {
  Vector sums[R];
  for (int r = 0; r < R; r++) sums[r] = *reinterpret_cast<const Vector*>(out + r * outStride);
  for (int64_t i = 0; i < length; i++) {
    const Vector row = *reinterpret_cast<const Vector*>(b + i * bStride);
    for (int r = 0; r < R; r++) sums[r] += a.data[r * a.row + i * a.column] * row;
  }
  for (int r = 0; r < R; r++) *reinterpret_cast<Vector*>(out + r * outStride) = sums[r];
}

// out [rows, columns] += a [rows, length] b [length, columns], columns a multiple of 16.
void multiply(Matrix a, const float* b, int64_t bStride, int64_t rows, int64_t length, int64_t columns, float* out,
              int64_t outStride) {
  constexpr int R = 8;
  int64_t row = 0;
  for (; row + R <= rows; row += R)
    for (int64_t j = 0; j < columns; j += 16)
      multiplyTile<R>({a.data + row * a.row, a.row, a.column}, b + j, bStride, length, out + row * outStride + j,
                      outStride);
  for (; row < rows; row++)
    for (int64_t j = 0; j < columns; j += 16)
      multiplyTile<1>({a.data + row * a.row, a.row, a.column}, b + j, bStride, length, out + row * outStride + j,
                      outStride);
}

int64_t roundUp(int64_t n) { return (n + 15) / 16 * 16; }

// ---- What dropout drops ------------------------------------------------------------------------------------------------

// A well-mixed word of a counter (lowbias32 of Chris Wellons' hash-prospector); tensors/ops.ts and lib/wasm have the same.
inline uint32_t mixed(uint32_t x) {
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  x ^= x >> 16;
  return x;
}

struct Drop {
  uint32_t start, threshold;
  float kept;
  // settings: seed, and the rate in units of 2^-31
  explicit Drop(const int32_t* settings)
      : start(mixed(static_cast<uint32_t>(settings[0]))), threshold(static_cast<uint32_t>(settings[1]) << 1),
        kept(static_cast<float>(1.0 / (1.0 - threshold / 4294967296.0))) {}
  bool isOn() const { return threshold > 0; }
  float operator()(int64_t i) const {
    return mixed(start + static_cast<uint32_t>(i)) >= threshold ? kept : 0.0f;
  }
};

// ---- Causal attention --------------------------------------------------------------------------------------------------

// One head of one sequence at a time, its keys and values in the processor's cache; a block of queries against no keys
// behind its last: half of the products, and no [T, T] weights in memory. Backward computes the weights again.
struct CausalAttention {
  static constexpr int64_t block = 32;
  const int64_t T, D, B, H, G;
  const int64_t deep = roundUp(D);
  const int64_t wide = roundUp(T) + 16;  // not a power of 2, whose rows would share their place in the cache
  const float *cosine, *sine;

  CausalAttention(const Input& q, const Input& k, const Input& cosine, const Input& sine)
      : T(cosine.dim(0)), D(cosine.dim(2)), B(q.dim(0) / T), H(q.dim(1) / D), G(k.dim(1) / D), cosine(cosine.data()),
        sine(sine.data()) {}

  using Floats = std::vector<float>;
  static Floats zeros(int64_t rows, int64_t columns) { return Floats(static_cast<size_t>(rows * columns), 0.0f); }

  // A head of sequence b, one of `heads` in x [B·T, heads·D], as [T, deep].
  Floats rowsOf(const Input& x, int64_t heads, int64_t b, int64_t head) const {
    Floats rows = zeros(T, deep);
    for (int64_t t = 0; t < T; t++)
      std::memcpy(rows.data() + t * deep, x.data() + (b * T + t) * heads * D + head * D, sizeof(float) * D);
    return rows;
  }

  // Back to where rowsOf has it from.
  void writeRows(const Floats& rows, const Output& y, int64_t heads, int64_t b, int64_t head) const {
    for (int64_t t = 0; t < T; t++)
      std::memcpy(y.data() + (b * T + t) * heads * D + head * D, rows.data() + t * deep, sizeof(float) * D);
  }

  // Rows turned by their rotary positions, or back where sign is -1, times a factor; in place.
  void turn(Floats& rows, float sign, float factor) const {
    const int64_t half = D / 2;
    for (int64_t t = 0; t < T; t++) {
      float* x = rows.data() + t * deep;
      const float *c = cosine + t * D, *n = sine + t * D;
      for (int64_t i = 0; i < half; i++) {
        const float a = x[i], b = x[i + half];
        x[i] = (a * c[i] - sign * b * n[i]) * factor;
        x[i + half] = (b * c[i] + sign * a * n[i]) * factor;
      }
    }
  }

  // [T, deep] to [D, wide]
  Floats columnsOf(const Floats& rows) const {
    Floats columns = zeros(D, wide);
    for (int64_t t = 0; t < T; t++)
      for (int64_t i = 0; i < D; i++) columns[static_cast<size_t>(i * wide + t)] = rows[static_cast<size_t>(t * deep + i)];
    return columns;
  }

  // Products of a block's rows, `count` from `first`, with the columns up to its last: [count, wide].
  void scores(const Floats& rows, const Floats& columns, int64_t first, int64_t count, Floats& out) const {
    std::fill(out.begin(), out.end(), 0.0f);
    multiply({rows.data() + first * deep, deep, 1}, columns.data(), wide, count, D, roundUp(first + count), out.data(),
             wide);
  }

  // Softmax of a block's scores over the positions up to each row's own, 0 behind; in place.
  void softmax(Floats& scores, int64_t first, int64_t count) const {
    for (int64_t r = 0; r < count; r++) {
      float* x = scores.data() + r * wide;
      const int64_t seen = first + r + 1;
      float top = x[0];
      for (int64_t i = 1; i < seen; i++) top = std::max(top, x[i]);
      float sum = 0;
      for (int64_t i = 0; i < seen; i++) {
        x[i] = fastExp(x[i] - top);
        sum += x[i];
      }
      const float inverse = 1.0f / sum;
      for (int64_t i = 0; i < seen; i++) x[i] *= inverse;
      std::fill(x + seen, x + wide, 0.0f);
    }
  }

  // d scores = w · (dw - sum(w · dw)), in place of dw.
  void softmaxGradient(const Floats& weights, Floats& gradient, int64_t first, int64_t count) const {
    for (int64_t r = 0; r < count; r++) {
      const float* w = weights.data() + r * wide;
      float* d = gradient.data() + r * wide;
      const int64_t seen = first + r + 1;
      float along = 0;
      for (int64_t i = 0; i < seen; i++) along += w[i] * d[i];
      for (int64_t i = 0; i < seen; i++) d[i] = w[i] * (d[i] - along);
      std::fill(d + seen, d + wide, 0.0f);
    }
  }

  // Drops weights, or their gradients, of a head's block; the entries count as those of [B, H, T, T]. In place.
  void drop(Floats& weights, const Drop& mask, int64_t b, int64_t head, int64_t first, int64_t count) const {
    if (!mask.isOn()) return;
    for (int64_t r = 0; r < count; r++) {
      float* w = weights.data() + r * wide;
      const int64_t start = ((b * H + head) * T + first + r) * T;
      for (int64_t i = 0; i <= first + r; i++) w[i] *= mask(start + i);
    }
  }

  // body(b, g) for every key/value head of every sequence.
  template <typename Body>
  void each(const Body& body) const {
    Workers::get().run(B * G, [&](int64_t piece) { body(piece / G, piece % G); });
  }
};

// q [B·T, H·D], k and v [B·T, G·D], not yet turned; cos and sin [T, 1, D]; settings of the weights' dropout. Gives
// [B·T, H·D].
void attention(void*, TF_OpKernelContext* context) {
  Status status;
  const Input q(context, 0, status), k(context, 1, status), v(context, 2, status), cosine(context, 3, status),
      sine(context, 4, status), settings(context, 5, status);
  const CausalAttention of(q, k, cosine, sine);
  const Drop mask(settings.ints());
  const int64_t T = of.T, deep = of.deep, wide = of.wide, group = of.H / of.G;
  const float scale = 1.0f / std::sqrt(static_cast<float>(of.D));
  const Output y(context, 0, {q.dim(0), q.dim(1)}, status);
  of.each([&](int64_t b, int64_t g) {
    auto keys = of.rowsOf(k, of.G, b, g);
    of.turn(keys, 1, 1);
    const auto keyColumns = of.columnsOf(keys), values = of.rowsOf(v, of.G, b, g);
    auto weights = of.zeros(of.block, wide);
    for (int64_t head = g * group; head < (g + 1) * group; head++) {
      auto queries = of.rowsOf(q, of.H, b, head), mixed = of.zeros(T, deep);
      of.turn(queries, 1, scale);
      for (int64_t first = 0; first < T; first += of.block) {
        const int64_t count = std::min<int64_t>(of.block, T - first);
        of.scores(queries, keyColumns, first, count, weights);
        of.softmax(weights, first, count);
        of.drop(weights, mask, b, head, first, count);
        multiply({weights.data(), wide, 1}, values.data(), deep, count, first + count, deep,
                 mixed.data() + first * deep, deep);
      }
      of.writeRows(mixed, y, of.H, b, head);
    }
  });
}

void attentionGradient(void*, TF_OpKernelContext* context) {
  Status status;
  const Input dy(context, 0, status), q(context, 1, status), k(context, 2, status), v(context, 3, status),
      cosine(context, 4, status), sine(context, 5, status), settings(context, 6, status);
  const CausalAttention of(q, k, cosine, sine);
  const Drop mask(settings.ints());
  const int64_t T = of.T, deep = of.deep, wide = of.wide, group = of.H / of.G;
  const float scale = 1.0f / std::sqrt(static_cast<float>(of.D));
  const Output dq(context, 0, {q.dim(0), q.dim(1)}, status), dk(context, 1, {k.dim(0), k.dim(1)}, status),
      dv(context, 2, {k.dim(0), k.dim(1)}, status);
  of.each([&](int64_t b, int64_t g) {
    auto keys = of.rowsOf(k, of.G, b, g);
    of.turn(keys, 1, 1);
    const auto keyColumns = of.columnsOf(keys), valueColumns = of.columnsOf(of.rowsOf(v, of.G, b, g));
    auto weights = of.zeros(of.block, wide), gradient = weights;
    auto dKeys = of.zeros(T, deep), dValues = dKeys;
    for (int64_t head = g * group; head < (g + 1) * group; head++) {
      auto queries = of.rowsOf(q, of.H, b, head), dQueries = of.zeros(T, deep);
      of.turn(queries, 1, scale);
      const auto dMixed = of.rowsOf(dy, of.H, b, head);
      for (int64_t first = 0; first < T; first += of.block) {
        const int64_t count = std::min<int64_t>(of.block, T - first), seen = first + count;
        of.scores(queries, keyColumns, first, count, weights);
        of.softmax(weights, first, count);
        of.scores(dMixed, valueColumns, first, count, gradient);
        of.drop(gradient, mask, b, head, first, count);
        of.softmaxGradient(weights, gradient, first, count);
        of.drop(weights, mask, b, head, first, count);
        multiply({gradient.data(), wide, 1}, keys.data(), deep, count, seen, deep, dQueries.data() + first * deep, deep);
        multiply({gradient.data(), 1, wide}, queries.data() + first * deep, deep, seen, count, deep, dKeys.data(), deep);
        multiply({weights.data(), 1, wide}, dMixed.data() + first * deep, deep, seen, count, deep, dValues.data(), deep);
      }
      of.turn(dQueries, -1, scale);
      of.writeRows(dQueries, dq, of.H, b, head);
    }
    of.turn(dKeys, -1, 1);
    of.writeRows(dKeys, dk, of.G, b, g);
    of.writeRows(dValues, dv, of.G, b, g);
  });
}

// ---- Attention of branches behind a prefix -----------------------------------------------------------------------------

// The last N of M nodes attend to the first `lengths` positions of the prefix, the nodes on their path and themselves.
// q [H, N, D] scaled; the prefix's keys and values [H, T, D]; the nodes' [H, M, D]; parents [M], -1 behind the prefix;
// lengths [N]. Gives [N, H·D].
void treeAttention(void*, TF_OpKernelContext* context) {
  Status status;
  const Input q(context, 0, status), prefixKeys(context, 1, status), prefixValues(context, 2, status),
      keys(context, 3, status), values(context, 4, status), parents(context, 5, status), lengths(context, 6, status);
  const int64_t H = q.dim(0), N = q.dim(1), D = q.dim(2), T = prefixKeys.dim(1), M = keys.dim(1);
  const int64_t wide = roundUp(T), deep = roundUp(D);
  const Output y(context, 0, {N, H * D}, status);
  // keys as columns and values filled up, so that both products run along whole vectors
  std::vector<float> columns(static_cast<size_t>(H * D * wide), 0.0f), rows(static_cast<size_t>(H * T * deep), 0.0f);
  parallel(H, 1, [&](int64_t head, int64_t, int64_t) {
    for (int64_t t = 0; t < T; t++) {
      const float *k = prefixKeys.data() + (head * T + t) * D, *v = prefixValues.data() + (head * T + t) * D;
      for (int64_t i = 0; i < D; i++) columns[static_cast<size_t>((head * D + i) * wide + t)] = k[i];
      std::copy(v, v + D, rows.begin() + static_cast<std::ptrdiff_t>((head * T + t) * deep));
    }
  });
  constexpr int64_t block = 64;
  const int64_t blocks = (N + block - 1) / block;
  Workers::get().run(H * blocks, [&](int64_t piece) {
    const int64_t head = piece % H, begin = piece / H * block, count = std::min(N - begin, block);
    const float *queries = q.data() + (head * N + begin) * D, *own = keys.data() + head * M * D,
                *ownValues = values.data() + head * M * D;
    const int32_t *seen = lengths.ints() + begin, *before = parents.ints();
    const int64_t longest = *std::max_element(seen, seen + count);
    std::vector<float> weights(static_cast<size_t>(count * wide)), mix(static_cast<size_t>(count * deep));
    multiply({queries, D, 1}, columns.data() + head * D * wide, wide, count, D, roundUp(longest), weights.data(), wide);
    std::vector<std::vector<std::pair<int64_t, float>>> paths(static_cast<size_t>(count));
    for (int64_t r = 0; r < count; r++) {
      float* w = weights.data() + r * wide;
      float top = -1e30f;
      for (int64_t t = 0; t < seen[r]; t++) top = std::max(top, w[t]);
      auto& path = paths[static_cast<size_t>(r)];
      for (int64_t node = M - N + begin + r; node >= 0; node = before[node]) {
        const float *a = queries + r * D, *b = own + node * D;
        float score = 0;
        for (int64_t i = 0; i < D; i++) score += a[i] * b[i];
        path.emplace_back(node, score);
        top = std::max(top, score);
      }
      float sum = 0;
      for (int64_t t = 0; t < seen[r]; t++) {
        w[t] = fastExp(w[t] - top);
        sum += w[t];
      }
      for (auto& [node, score] : path) {
        score = fastExp(score - top);
        sum += score;
      }
      const float inverse = 1.0f / sum;
      for (int64_t t = 0; t < seen[r]; t++) w[t] *= inverse;
      for (auto& [node, score] : path) score *= inverse;
      std::fill(w + seen[r], w + wide, 0.0f);
    }
    multiply({weights.data(), wide, 1}, rows.data() + head * T * deep, deep, count, longest, deep, mix.data(), deep);
    for (int64_t r = 0; r < count; r++) {
      float* out = y.data() + (begin + r) * H * D + head * D;
      std::copy(mix.data() + r * deep, mix.data() + r * deep + D, out);
      for (const auto& [node, weight] : paths[static_cast<size_t>(r)]) {
        const float* v = ownValues + node * D;
        for (int64_t i = 0; i < D; i++) out[i] += weight * v[i];
      }
    }
  });
}

// ---- Dropout and the residual sum --------------------------------------------------------------------------------------

// y = x · mask
void dropout(void*, TF_OpKernelContext* context) {
  Status status;
  const Input x(context, 0, status), settings(context, 1, status);
  const Drop drop(settings.ints());
  const Output y(context, 0, {x.dim(0), x.dim(1)}, status);
  const float* in = x.data();
  float* out = y.data();
  parallel(x.size(), kElements, [&](int64_t begin, int64_t end, int64_t) {
    for (int64_t i = begin; i < end; i++) out[i] = in[i] * drop(i);
  });
}

// y = residual + x · mask
void addDropout(void*, TF_OpKernelContext* context) {
  Status status;
  const Input residual(context, 0, status), x(context, 1, status), settings(context, 2, status);
  const Drop drop(settings.ints());
  const Output y(context, 0, {x.dim(0), x.dim(1)}, status);
  const float *base = residual.data(), *in = x.data();
  float* out = y.data();
  parallel(x.size(), kElements, [&](int64_t begin, int64_t end, int64_t) {
    for (int64_t i = begin; i < end; i++) out[i] = base[i] + in[i] * drop(i);
  });
}

// ---- Cross-entropy ---------------------------------------------------------------------------------------------------

// Negative log-probability of each row's target, and the row's log of summed exponentials, which the gradient needs.
void crossEntropy(void*, TF_OpKernelContext* context) {
  Status status;
  const Input logits(context, 0, status), targets(context, 1, status);
  const int64_t n = logits.dim(0), v = logits.dim(1);
  const Output loss(context, 0, {n}, status), total(context, 1, {n}, status);
  parallel(n, rowsOf(v), [&](int64_t begin, int64_t end, int64_t) {
    for (int64_t row = begin; row < end; row++) {
      const float* x = logits.data() + row * v;
      float top = x[0];
      for (int64_t i = 1; i < v; i++) top = std::max(top, x[i]);
      float sum = 0;
      for (int64_t i = 0; i < v; i++) sum += fastExp(x[i] - top);
      total.data()[row] = top + std::log(sum);
      loss.data()[row] = total.data()[row] - x[targets.ints()[row]];
    }
  });
}

// (softmax - one-hot) times a factor for each row
void crossEntropyGradient(void*, TF_OpKernelContext* context) {
  Status status;
  const Input logits(context, 0, status), targets(context, 1, status), total(context, 2, status),
      factors(context, 3, status);
  const int64_t n = logits.dim(0), v = logits.dim(1);
  const Output dlogits(context, 0, {n, v}, status);
  parallel(n, rowsOf(v), [&](int64_t begin, int64_t end, int64_t) {
    for (int64_t row = begin; row < end; row++) {
      const float* x = logits.data() + row * v;
      float* out = dlogits.data() + row * v;
      const float factor = factors.data()[row], sum = total.data()[row];
      if (factor == 0.0f) {
        std::fill(out, out + v, 0.0f);
        continue;
      }
      for (int64_t i = 0; i < v; i++) out[i] = fastExp(x[i] - sum) * factor;
      out[targets.ints()[row]] -= factor;
    }
  });
}

// ---- The optimizer ---------------------------------------------------------------------------------------------------

// The pieces of several tensors taken together.
struct Piece {
  size_t tensor;
  int64_t begin, end;
};

std::vector<Piece> piecesOf(const std::vector<int64_t>& sizes) {
  std::vector<Piece> pieces;
  for (size_t tensor = 0; tensor < sizes.size(); tensor++)
    for (int64_t begin = 0; begin < sizes[tensor]; begin += kElements)
      pieces.push_back({tensor, begin, std::min(sizes[tensor], begin + kElements)});
  return pieces;
}

// One step of AdamW over all parameters, in place of parameters and moments. Inputs: K parameters, K first moments,
// K second moments, K gradients, then [beta1, beta2, epsilon, step size, 1 / sqrt(1 - beta2^t), gradients' factor] and
// [K] what each parameter is multiplied by for its decay.
void adamW(void*, TF_OpKernelContext* context) {
  Status status;
  const int count = (TF_NumInputs(context) - 2) / 4;
  std::vector<std::unique_ptr<Input>> inputs;
  for (int i = 0; i < 4 * count + 2; i++) inputs.push_back(std::make_unique<Input>(context, i, status));
  const size_t k = static_cast<size_t>(count);
  const float* settings = inputs[4 * k]->data();
  const float* decays = inputs[4 * k + 1]->data();
  const float beta1 = settings[0], beta2 = settings[1], epsilon = settings[2], rate = settings[3];
  const float correction = settings[4], factor = settings[5];
  std::vector<int64_t> sizes;
  for (size_t tensor = 0; tensor < k; tensor++) sizes.push_back(inputs[tensor]->size());
  const std::vector<Piece> pieces = piecesOf(sizes);
  Workers::get().run(static_cast<int64_t>(pieces.size()), [&](int64_t index) {
    const auto [tensor, begin, end] = pieces[static_cast<size_t>(index)];
    float *p = inputs[tensor]->data(), *m = inputs[k + tensor]->data(), *v = inputs[2 * k + tensor]->data();
    const float* gradient = inputs[3 * k + tensor]->data();
    const float decay = decays[tensor];
    for (int64_t i = begin; i < end; i++) {
      const float g = gradient[i] * factor;
      m[i] = beta1 * m[i] + (1.0f - beta1) * g;
      v[i] = beta2 * v[i] + (1.0f - beta2) * g * g;
      p[i] = p[i] * decay - rate * m[i] / (std::sqrt(v[i]) * correction + epsilon);
    }
  });
}

// Sum of squares over all inputs.
void squaredNorm(void*, TF_OpKernelContext* context) {
  Status status;
  const int count = TF_NumInputs(context);
  std::vector<std::unique_ptr<Input>> inputs;
  std::vector<int64_t> sizes;
  for (int i = 0; i < count; i++) {
    inputs.push_back(std::make_unique<Input>(context, i, status));
    sizes.push_back(inputs.back()->size());
  }
  const Output total(context, 0, {}, status);
  const std::vector<Piece> pieces = piecesOf(sizes);
  std::vector<double> sums(pieces.size());
  Workers::get().run(static_cast<int64_t>(pieces.size()), [&](int64_t index) {
    const auto [tensor, begin, end] = pieces[static_cast<size_t>(index)];
    const float* x = inputs[tensor]->data();
    float sum = 0;
    for (int64_t i = begin; i < end; i++) sum += x[i] * x[i];
    sums[static_cast<size_t>(index)] = sum;
  });
  double sum = 0;
  for (double part : sums) sum += part;
  *total.data() = static_cast<float>(sum);
}

// ---- Registration ----------------------------------------------------------------------------------------------------

void shapeUnknown(TF_ShapeInferenceContext* context, TF_Status* status) {
  TF_ShapeInferenceContextSetUnknownShape(context, status);
}

using Compute = void (*)(void*, TF_OpKernelContext*);

void define(const char* name, std::vector<const char*> inputs, std::vector<const char*> outputs, Compute compute,
            const char* attribute = nullptr) {
  Status status;
  TF_OpDefinitionBuilder* op = TF_NewOpDefinitionBuilder(name);
  if (attribute != nullptr) TF_OpDefinitionBuilderAddAttr(op, attribute);
  for (const char* input : inputs) TF_OpDefinitionBuilderAddInput(op, input);
  for (const char* output : outputs) TF_OpDefinitionBuilderAddOutput(op, output);
  TF_OpDefinitionBuilderSetIsStateful(op, true);  // some write in place
  TF_OpDefinitionBuilderSetShapeInferenceFunction(op, &shapeUnknown);
  TF_RegisterOpDefinition(op, status);
  TF_KernelBuilder* kernel = TF_NewKernelBuilder(name, "CPU", nullptr, compute, nullptr);
  TF_RegisterKernelBuilder(name, kernel, status);
}

const bool registered = [] {
  define("DecoderRmsNorm", {"x: float", "gain: float", "epsilon: float"}, {"y: float", "scale: float"}, &rmsNorm);
  define("DecoderRmsNormGradient", {"dy: float", "x: float", "gain: float", "scale: float"},
         {"dx: float", "dgain: float"}, &rmsNormGradient);
  define("DecoderLayerNorm", {"x: float", "gain: float", "bias: float", "epsilon: float"},
         {"y: float", "mean: float", "scale: float"}, &layerNorm);
  define("DecoderLayerNormGradient", {"dy: float", "x: float", "gain: float", "mean: float", "scale: float"},
         {"dx: float", "dgain: float", "dbias: float"}, &layerNormGradient);
  define("DecoderGelu", {"x: float"}, {"y: float"}, &gelu);
  define("DecoderGeluGradient", {"dy: float", "x: float"}, {"dx: float"}, &geluGradient);
  define("DecoderSwiglu", {"gate: float", "up: float"}, {"y: float"}, &swiglu);
  define("DecoderSwigluGradient", {"dy: float", "gate: float", "up: float"}, {"dgate: float", "dup: float"},
         &swigluGradient);
  define("DecoderToHeads", {"x: float", "cos: float", "sin: float", "sizes: int32", "factor: float"}, {"y: float"},
         &toHeads);
  define("DecoderAttention", {"q: float", "k: float", "v: float", "cos: float", "sin: float", "settings: int32"},
         {"y: float"}, &attention);
  define("DecoderAttentionGradient",
         {"dy: float", "q: float", "k: float", "v: float", "cos: float", "sin: float", "settings: int32"},
         {"dq: float", "dk: float", "dv: float"}, &attentionGradient);
  define("DecoderTreeAttention",
         {"q: float", "prefix_keys: float", "prefix_values: float", "keys: float", "values: float", "parents: int32",
          "lengths: int32"},
         {"y: float"}, &treeAttention);
  define("DecoderDropout", {"x: float", "settings: int32"}, {"y: float"}, &dropout);
  define("DecoderAddDropout", {"residual: float", "x: float", "settings: int32"}, {"y: float"}, &addDropout);
  define("DecoderCrossEntropy", {"logits: float", "targets: int32"}, {"loss: float", "total: float"}, &crossEntropy);
  define("DecoderCrossEntropyGradient", {"logits: float", "targets: int32", "total: float", "factors: float"},
         {"dlogits: float"}, &crossEntropyGradient);
  define("DecoderAdamW",
         {"parameters: K * float", "first: K * float", "second: K * float", "gradients: K * float", "settings: float",
          "decays: float"},
         {}, &adamW, "K: int");
  define("DecoderSquaredNorm", {"tensors: K * float"}, {"total: float"}, &squaredNorm, "K: int");
  return true;
}();

}  // namespace
