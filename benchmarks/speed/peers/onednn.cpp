// oneDNN as a contestant: `onednn <mode> <part> <threads> <workload…>`. ../protocol.ts says how it speaks, ../workload.ts what
// the words mean. It has recurrent layers and no network around them, so the part is always "layer"; and no mode "step", since
// release 2.6.3 gives zeros or ends the process for an LSTM on a single step. A training step is the forward pass that keeps what
// the way back needs, and the backward pass with the gradients of input, initial states, weights and biases. Weights lie as it
// wants them from the start, so that it never reorders them.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include <dnnl.hpp>

using namespace dnnl;
using tag = memory::format_tag;
using Arguments = std::unordered_map<int, memory>;

static engine cpu(engine::kind::cpu, 0);
static stream queue(cpu);

static double milliseconds() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

static memory::desc shaped(memory::dims dimensions, tag layout) { return {dimensions, memory::data_type::f32, layout}; }

// Random numbers of the size of trained weights, so that no gate saturates and no product is of zeros.
static memory filled(const memory::desc &description, float scale) {
  static std::mt19937 random(1);
  std::uniform_real_distribution<float> uniform(-scale, scale);
  memory made(description, cpu);
  float *values = static_cast<float *>(made.get_data_handle());
  for (size_t index = 0; index < description.get_size() / sizeof(float); index++) values[index] = uniform(random);
  return made;
}

// A description of an operation: oneDNN 3 makes it in one step, oneDNN 2 in two.
template <class Operation, class... A> static typename Operation::primitive_desc forwardOf(A... descriptions) {
#if DNNL_VERSION_MAJOR >= 3
  return {cpu, descriptions...};
#else
  return {typename Operation::desc(descriptions...), cpu};
#endif
}
template <class Operation, class Forward, class... A>
static typename Operation::primitive_desc backwardOf(const Forward &forward, A... descriptions) {
#if DNNL_VERSION_MAJOR >= 3
  return {cpu, descriptions..., forward};
#else
  return {typename Operation::desc(descriptions...), cpu, forward};
#endif
}

// Sizes and descriptions of a stack of layers.
struct Layers {
  int B, T, I, H, L, gates, biases;
  memory::desc x = shaped({T, B, I}, tag::tnc);
  memory::desc y = shaped({T, B, H}, tag::tnc);
  memory::desc state = shaped({L, 1, B, H}, tag::ldnc);
  memory::desc inputWeights = shaped({L, 1, I, gates, H}, tag::any);
  memory::desc recurrentWeights = shaped({L, 1, H, gates, H}, tag::any);
  memory::desc bias = shaped({L, 1, biases, H}, tag::ldgo);
};

struct Job {
  std::function<void()> run;
  memory result;
};

static const auto direction = rnn_direction::unidirectional_left2right;

// The same for every cell, whose descriptions differ: those of the LSTM have the cell state besides.
template <class Forward, class Backward>
static Job jobOf(const Layers &n, const std::string &mode, bool hasCellState, typename Forward::primitive_desc forward,
                 std::function<typename Backward::primitive_desc()> describeBackward) {
  const float scale = 1 / std::sqrt(static_cast<float>(n.H));
  Arguments arguments = {
      {DNNL_ARG_SRC_LAYER, filled(n.x, 1)},
      {DNNL_ARG_SRC_ITER, filled(n.state, 0)},
      {DNNL_ARG_WEIGHTS_LAYER, filled(forward.weights_layer_desc(), scale)},
      {DNNL_ARG_WEIGHTS_ITER, filled(forward.weights_iter_desc(), scale)},
      {DNNL_ARG_BIAS, filled(n.bias, scale)},
      {DNNL_ARG_DST_LAYER, filled(n.y, 0)},
      {DNNL_ARG_DST_ITER, filled(n.state, 0)},
  };
  if (hasCellState) {
    arguments[DNNL_ARG_SRC_ITER_C] = filled(n.state, 0);
    arguments[DNNL_ARG_DST_ITER_C] = filled(n.state, 0);
  }
  const memory y = arguments[DNNL_ARG_DST_LAYER];
  const Forward forwardPass(forward);

  if (mode == "infer") return {[=] { forwardPass.execute(queue, arguments), queue.wait(); }, y};

  const auto backward = describeBackward();
  const Backward backwardPass(backward);
  arguments[DNNL_ARG_WORKSPACE] = memory(forward.workspace_desc(), cpu);
  Arguments wayBack = arguments;
  // It wants the weights in another order on the way back.
  wayBack[DNNL_ARG_WEIGHTS_LAYER] = filled(backward.weights_layer_desc(), scale);
  wayBack[DNNL_ARG_WEIGHTS_ITER] = filled(backward.weights_iter_desc(), scale);
  wayBack[DNNL_ARG_DIFF_SRC_LAYER] = filled(n.x, 0);
  wayBack[DNNL_ARG_DIFF_SRC_ITER] = filled(n.state, 0);
  wayBack[DNNL_ARG_DIFF_WEIGHTS_LAYER] = filled(backward.diff_weights_layer_desc(), 0);
  wayBack[DNNL_ARG_DIFF_WEIGHTS_ITER] = filled(backward.diff_weights_iter_desc(), 0);
  wayBack[DNNL_ARG_DIFF_BIAS] = filled(n.bias, 0);
  wayBack[DNNL_ARG_DIFF_DST_LAYER] = filled(n.y, 0.5);
  wayBack[DNNL_ARG_DIFF_DST_ITER] = filled(n.state, 0);
  if (hasCellState) {
    wayBack[DNNL_ARG_DIFF_SRC_ITER_C] = filled(n.state, 0);
    wayBack[DNNL_ARG_DIFF_DST_ITER_C] = filled(n.state, 0);
  }
  const memory gradients[] = {wayBack[DNNL_ARG_DIFF_WEIGHTS_LAYER], wayBack[DNNL_ARG_DIFF_WEIGHTS_ITER],
                              wayBack[DNNL_ARG_DIFF_BIAS]};
  return {[=] {
            forwardPass.execute(queue, arguments);
            // It adds to the gradients of weights, which so begin at 0, as those of everybody else.
            for (const memory &gradient : gradients) {
              std::memset(gradient.get_data_handle(), 0, gradient.get_desc().get_size());
            }
            backwardPass.execute(queue, wayBack);
            queue.wait();
          },
          y};
}

static Job prepare(const std::string &kind, const Layers &n, const std::string &mode) {
  const auto propagation = mode == "train" ? prop_kind::forward_training : prop_kind::forward_inference;
  const auto back = prop_kind::backward;
  const auto &[x, y, s, wi, wr, b] = std::tie(n.x, n.y, n.state, n.inputWeights, n.recurrentWeights, n.bias);
  if (kind == "LSTM") {
    auto forward = forwardOf<lstm_forward>(propagation, direction, x, s, s, wi, wr, b, y, s, s);
    return jobOf<lstm_forward, lstm_backward>(n, mode, true, forward, [=] {
      return backwardOf<lstm_backward>(forward, back, direction, x, s, s, wi, wr, b, y, s, s, x, s, s, wi, wr, b, y, s, s);
    });
  }
  if (kind == "GRU") {
    auto forward = forwardOf<lbr_gru_forward>(propagation, direction, x, s, wi, wr, b, y, s);
    return jobOf<lbr_gru_forward, lbr_gru_backward>(n, mode, false, forward, [=] {
      return backwardOf<lbr_gru_backward>(forward, back, direction, x, s, wi, wr, b, y, s, x, s, wi, wr, b, y, s);
    });
  }
  const auto tanh = algorithm::eltwise_tanh;
  auto forward = forwardOf<vanilla_rnn_forward>(propagation, tanh, direction, x, s, wi, wr, b, y, s);
  return jobOf<vanilla_rnn_forward, vanilla_rnn_backward>(n, mode, false, forward, [=] {
    return backwardOf<vanilla_rnn_backward>(forward, back, tanh, direction, x, s, wi, wr, b, y, s, x, s, wi, wr, b, y, s);
  });
}

static std::string joined(const std::vector<double> &values) {
  std::string text;
  char number[32];
  for (double value : values) {
    std::snprintf(number, sizeof number, "%s%.9g", text.empty() ? "" : ",", value);
    text += number;
  }
  return text;
}

int main(int count, char **words) {
  if (count < 5) return 2;
  const std::string mode = words[1], kind = words[4];
  std::map<char, int> size = {{'L', 1}};
  for (int word = 5; word < count; word++) size[words[word][0]] = std::atoi(words[word] + 1);
  const int gates = kind == "LSTM" ? 4 : kind == "GRU" ? 3 : 1;
  // Its GRU that resets after the product has a bias for the recurrent candidate besides.
  const Layers layers = {size['B'], size['T'], size['I'], size['H'], size['L'], gates, kind == "GRU" ? 4 : gates};
  try {
    Job job = prepare(kind, layers, mode);
    const char *threads = std::getenv("OMP_NUM_THREADS");
    const version_t *version = dnnl::version();
    std::printf("{\"introduction\":{\"version\":\"%d.%d.%d\",", version->major, version->minor, version->patch);
    std::printf("\"computesWith\":\"native, OpenMP with %s threads\"}}\n", threads ? threads : "all");
    std::fflush(stdout);
    char line[64];
    while (std::fgets(line, sizeof line, stdin)) {
      const double asked = std::atof(line), began = milliseconds();
      std::vector<double> times, values;
      double now = began;
      do {
        const double before = now;
        job.run();
        now = milliseconds();
        times.push_back(now - before);
        values.push_back(static_cast<float *>(job.result.get_data_handle())[0]);
      } while (now - began < asked);
      std::printf("{\"turn\":{\"times\":[%s],\"values\":[%s]}}\n", joined(times).c_str(), joined(values).c_str());
      std::fflush(stdout);
    }
  } catch (const dnnl::error &error) {
    std::printf("{\"failure\":\"oneDNN: %s\"}\n", error.what());
    return 1;
  }
}
