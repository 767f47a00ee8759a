// SPDX-License-Identifier: Apache-2.0
// Writes each exchange to a trace file: the way to see what Dropbox and Elasticsearch were asked
// and what they answered.
#pragma once

#include "base/http/http.h"
#include "base/http/trace_file.h"

namespace dbxes {

// One JSON object for each exchange, when it has ended. Secrets are left out: see Secrecy and
// base/http/redaction.h. Bodies are cut at 2 KiB; bodies that a BodySink receives are not shown.
class TracingHttp final : public Http {
 public:
  // `http` and `clock` are the caller's and outlive this object.
  TracingHttp(Http& http, const Clock& clock) : http_(http), clock_(clock) {}

  // Until then nothing is written. `file` is the caller's and outlives this object.
  void TraceTo(TraceFile& file) { file_ = &file; }

  void Start(HttpRequest request, HttpCallback done) override;
  void Poll(Milliseconds max_wait) override { http_.Poll(max_wait); }
  void WakeOn(int descriptor) override { http_.WakeOn(descriptor); }

 private:
  Http& http_;
  const Clock& clock_;
  TraceFile* file_ = nullptr;
};

}  // namespace dbxes
