// SPDX-License-Identifier: Apache-2.0
// Reports a run to machines: a file for Prometheus, and pings of a dead man's switch over HTTP.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/http/http.h"
#include "base/os/file_system.h"
#include "report/reporter.h"

namespace dbxes::report {

struct MonitorSettings {
  std::string index;
  std::string metrics_file;  // "" for none
  std::string ping_url;      // "" for none; a secret
};

class Monitors final : public Reporter {
 public:
  using MakeHttp = std::function<std::unique_ptr<Http>()>;

  // `listener` is notified when a file or a ping fails.
  Monitors(MonitorSettings settings, FileSystem& files, Clock& clock, MakeHttp make_http,
           Reporter& listener);
  // A run that began and has no Summary was ended by a defect: pings that.
  ~Monitors() override;
  Monitors(const Monitors&) = delete;
  Monitors& operator=(const Monitors&) = delete;

  // Pings the dead man's switch; so does Summary, unless the run only found another one at work.
  void Begin() override;
  // Whether the metrics could not be written. A failed ping does not count: the run itself
  // succeeded.
  bool failed() const { return failed_; }

  void Phase(std::string_view) override {}
  void Progress(const Counters&, const Gauges&) override {}
  void Info(std::string_view) override {}
  void Warn(std::string_view) override {}
  void Detail(std::string_view) override {}
  void Instruct(std::string_view) override {}
  void Print(std::string_view) override {}
  void Summary(const RunSummary& summary) override;

 private:
  void WriteMetrics(const RunSummary& summary);
  void Ping(const std::string& what, int max_retries);

  MonitorSettings settings_;
  FileSystem& files_;
  Clock& clock_;
  MakeHttp make_http_;
  Reporter& listener_;
  bool failed_ = false;
  bool under_way_ = false;  // begun, and not ended
};

}  // namespace dbxes::report
