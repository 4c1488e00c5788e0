// SPDX-License-Identifier: BSL-1.0
#include "src/core/head_reading.hpp"

namespace headway::core {

using detail::Waiter;
using detail::Want;

HeadReading::HeadReading(Exchange& exchange, const Waiter& waiter, TimePoint sent)
    : exchange_(exchange), waiter_(waiter) {
  exchange.phase_ = Phase::response;
  exchange.source_.close();  // a file need not stay open while its answer is read
  const ExchangeSettings& settings = exchange.settings_;
  deadline_ = earlier({after(sent, settings.budgets.response), Error::response_timeout}, settings.total);
}

Want* HeadReading::next() {
  Exchange& e = exchange_;
  while (!error_ && !e.head_done()) {
    if (!receiving_) {
      receiving_.emplace(*e.transport_, waiter_, e.phase_, e.workspace_.room(), deadline_);
    }
    if (Want* want = receiving_->next()) return want;
    e.feed_head(receiving_->result(), error_);
    receiving_.reset();
    if (!error_ && !e.head_done() && waiter_.now() >= deadline_.time) error_ = deadline_.error;
  }
  return nullptr;
}

}  // namespace headway::core
