// SPDX-License-Identifier: Apache-2.0
// Everything that check looks at, in one process and as it should be, for tests to spoil one thing.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "check/check.h"
#include "checkpoint/checkpoint.h"
#include "config/config_loader.h"
#include "dropbox_sim/simulator.h"
#include "support/fake_clock.h"
#include "support/fake_elastic.h"
#include "support/fake_network.h"
#include "support/memory_file_system.h"

namespace dbxes::check {

class CheckWorld {
 public:
  static constexpr char kApi[] = "https://api.dropbox.test";
  static constexpr char kElastic[] = "https://elastic.test";
  static constexpr char kService[] = "https://service.test";
  static constexpr char kConfigFile[] = "/etc/dbx-es/dbx-es.toml";

  CheckWorld();

  CheckReport Run();
  // The configuration as it is loaded now.
  config::LoadedConfig Load() const;
  // Path of a file of the target in the state folder: ".json", ".lock", ...
  std::string StateFile(const std::string& ending) const;
  // What a run that ended well has left.
  checkpoint::Checkpoint GoodCheckpoint() const;
  void Save(const checkpoint::Checkpoint& checkpoint);
  sim::Simulator& dropbox();

  // {section: {key: value as TOML}}; the file is made of it when check runs.
  std::map<std::string, std::map<std::string, std::string>> settings;
  std::string broken_file;  // instead of it
  config::EnvironmentVariables environment{{"HOME", "/home/u"}};
  unsigned mode = 0600;               // of every file
  std::string changeable;             // why others can change the configuration
  std::string state_changeable;       // the same of the state folder
  std::string state_fillable;         // why others can make files in the state folder
  std::string state_open;             // why any user can change a file of the state
  Result<std::string> printed = "k";  // by commands
  sim::Options options;               // before the first run
  FakeClock clock;
  FakeElastic elastic;
  MemoryFileSystem files;
  Error writing_problem;              // of every folder
  std::optional<std::string> holder;  // of the lock
  std::optional<std::int64_t> saved;  // when the checkpoint was
  std::string pdf_reader;
  std::string pdftotext = "/usr/bin/pdftotext";
  std::string missing_confinement;  // of the system
  int signal = 0;
  // Of the cluster.
  std::string root =
      R"({"cluster_name":"prod","version":{"number":"9.1.0","build_flavor":"default"}})";
  std::string license = "trial";
  std::string blocks = "{}";
  std::set<std::string> denied;  // privileges: "read", or "read on INDEX"
  std::function<FakeAnswer(const FakeRequest&)> service;
  // Answer in the place of Dropbox or of the cluster, if they like.
  std::function<std::optional<FakeAnswer>(const FakeRequest&)> instead_of_dropbox;
  std::function<std::optional<FakeAnswer>(const FakeRequest&)> instead_of_elastic;
  std::vector<std::string> pinged;  // what was asked of https://hc.test
  bool pings_fail = false;
  std::string file_problem;         // why a file cannot be written
  std::string exposed;              // why the access token of a run is no secret
  std::vector<std::string> writes;  // requests that could have changed something

 private:
  FakeAnswer AnswerDropbox(const FakeRequest& request);
  FakeAnswer AnswerElastic(const FakeRequest& request);
  FakeAnswer AnswerPrivileges(const FakeRequest& request) const;
  std::string Toml() const;

  FakeNetwork network_{clock};
  std::unique_ptr<sim::Simulator> dropbox_;
};

}  // namespace dbxes::check
