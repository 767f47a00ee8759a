// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/os/file_probe.h"
#include "check/check_parts.h"
#include "content/content_types.h"
#include "content/extraction_protocol.h"
#include "parsers/ocr_parser.h"
#include "parsers/tesseract.h"
#include "sync/plan/parser_settings.h"

namespace dbxes::check {
namespace {

constexpr std::string_view kServiceAdvice =
    "set extraction_service.host to the address of a Tika server or of Elastic's data extraction "
    "service, and check that it is running";

class ServiceCheck {
 public:
  ServiceCheck(Environment& environment, EventLoop& loop, const config::Config& config,
               CheckReport& report)
      : environment_(environment),
        loop_(loop),
        service_(config.extraction.service),
        connect_timeout_(config.sync.connect_timeout),
        report_(report) {}

  void Run() {
    const auto answer = Ask(content::DetectRequest(service_));
    if (!answer && answer.error().kind == ErrorKind::kInterrupted) return;
    if (!answer || answer->status >= 500) {
      return report_.Problem(
          "extraction service", ExitCode::kUnavailable,
          answer ? fmt::format("it answers {}", answer->status) : answer.error().ToLine(),
          std::string(kServiceAdvice));
    }
    const bool tika = content::DetectedProtocol(*answer) == config::ServiceProtocol::kTika;
    if (tika) {
      ReportTika(answer->body);
    } else {
      AskElasticService();
    }
    if (service_.use_file_pointers) CheckFolder();
  }

 private:
  Result<HttpResponse> Ask(HttpRequest request) {
    Pending<HttpResponse> pending;
    request.timeouts.connect = connect_timeout_;
    loop_.Start(std::move(request),
                [pending](Result<HttpResponse> answer) { pending.Fulfil(std::move(answer)); });
    return loop_.Await(pending);
  }

  void ReportTika(const std::string& version) {
    if (service_.protocol == config::ServiceProtocol::kElastic) {
      return report_.Problem("extraction service", ExitCode::kConfiguration,
                             "it is a Tika server, but extraction_service.protocol is elastic",
                             "remove extraction_service.protocol, or use Elastic's service");
    }
    if (service_.use_file_pointers) {
      return report_.Problem("extraction service", ExitCode::kConfiguration,
                             "it is a Tika server, which does not read files from a folder",
                             "remove extraction_service.use_file_pointers");
    }
    report_.Ok("extraction service", version.substr(0, version.find('\n')));
  }

  void AskElasticService() {
    if (service_.protocol == config::ServiceProtocol::kTika) {
      return report_.Problem("extraction service", ExitCode::kConfiguration,
                             "it is not a Tika server, but extraction_service.protocol is tika",
                             std::string(kServiceAdvice));
    }
    HttpRequest request = content::DetectRequest(service_);
    request.url = service_.host + "/ping/";
    const auto answer = Ask(std::move(request));
    if (answer && answer->status == 200) {
      return report_.Ok("extraction service", "Elastic's data extraction service");
    }
    report_.Problem("extraction service", ExitCode::kConfiguration,
                    fmt::format("{} answers, but is neither a Tika server nor Elastic's service",
                                service_.host),
                    std::string(kServiceAdvice));
  }

  void CheckFolder() {
    const auto written = environment_.probe.check_writing(service_.shared_volume_dir);
    if (written) return report_.Ok("shared folder", service_.shared_volume_dir);
    report_.Problem("shared folder", written.error(),
                    "set extraction_service.shared_volume_dir to a folder that dbx-es can write "
                    "and the service "
                    "can read");
  }

  Environment& environment_;
  EventLoop& loop_;
  const config::ExtractionServiceConfig& service_;
  Milliseconds connect_timeout_;
  CheckReport& report_;
};

void ReportConfinement(const Environment& environment, const config::ExtractionConfig& config,
                       CheckReport& report) {
  const std::string& missing = environment.missing_confinement;
  if (missing.empty()) {
    return report.Ok("confinement", "files are read in processes that can open nothing else");
  }
  const std::string_view unread = config.ReadsPictures() ? "PDFs and pictures" : "PDFs";
  report.Warn("confinement",
              fmt::format("this system lacks {}: {}", missing,
                          config.unconfined_pdf
                              ? "a hostile PDF can read the files of this user, secrets too"
                              : fmt::format("{} are indexed without their text", unread)),
              fmt::format("use a kernel with Landlock (Linux 5.13) and a container that allows "
                          "seccomp; extraction.unconfined_pdf = true reads {} all the same",
                          unread));
}

void ReportPictures(const Environment& environment, EventLoop& loop,
                    const config::ExtractionConfig& config, CheckReport& report) {
  if (environment.tesseract.empty()) {
    return report.Warn("ocr", "tesseract is not installed: pictures and scanned pages are not read",
                       "apt-get install tesseract-ocr, or remove extraction.ocr");
  }
  if (!sync::ReadersFor(environment, config).pictures)
    return;  // for want of confinement, as reported
  parsers::ConfinedProgram program(loop);
  const auto end = loop.Await(
      program.Run(parsers::OrderToListLanguages(environment.tesseract, !config.unconfined_pdf)));
  const auto found = parsers::MissingOf(end, config.ocr.languages);
  if (!found) return report.Warn("ocr", found.error().ToLine(), "try tesseract --list-langs");
  const std::string& missing = *found;
  if (!missing.empty()) {
    return report.Warn(
        "ocr",
        fmt::format("{} cannot read {}: no pictures are read", environment.tesseract, missing),
        fmt::format("apt-get install {}, or change extraction.ocr_languages",
                    parsers::PackagesOf(missing)));
  }
  if (environment.pdftoppm.empty()) {
    return report.Warn("ocr", "pdftoppm is not installed: scanned pages of PDFs are not read",
                       "apt-get install poppler-utils");
  }
  report.Ok("ocr", fmt::format("{}, {}", environment.tesseract, config.ocr.languages));
}

}  // namespace

void CheckExtraction(Environment& environment, EventLoop& loop, const config::Config& config,
                     CheckReport& report) {
  const config::ExtractionConfig& extraction = config.extraction;
  if (extraction.mode == config::ExtractionMode::kService && !extraction.service.host.empty()) {
    return ServiceCheck(environment, loop, config, report).Run();
  }
  if (extraction.mode == config::ExtractionMode::kLocal) {
    ReportConfinement(environment, extraction, report);
  }
  if (extraction.ReadsPictures()) ReportPictures(environment, loop, extraction, report);
  const bool pdf = extraction.mode == config::ExtractionMode::kLocal &&
                   content::ContentTypesOf(extraction.mode, extraction.extensions).count("pdf") > 0;
  if (!pdf) return;
  if (!environment.pdf_reader.empty()) return report.Ok("pdf reader", environment.pdf_reader);
  if (!environment.pdftotext.empty()) return report.Ok("pdftotext", environment.pdftotext);
  report.Warn(
      "pdf reader", "none is installed: PDFs are indexed without their text",
      "apt-get install dbx-es-pdf or poppler-utils, or set extraction.extensions to \"-pdf\"");
}

}  // namespace dbxes::check
