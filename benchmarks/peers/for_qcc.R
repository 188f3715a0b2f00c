# R's qcc: the means of subgroups with its two rules (beyond the limits, runs of seven), without drawing.
suppressMessages(library(qcc))
words <- commandArgs(trailingOnly = TRUE)
values <- scan(words[2], quiet = TRUE)
if (words[1] == "xbar_r") {
  matrix <- matrix(values, ncol = as.integer(words[3]), byrow = TRUE)
  work <- function() list(qcc(matrix, type = "xbar", plot = FALSE), qcc(matrix, type = "R", plot = FALSE))
} else {
  work <- function() list(qcc(values, type = "xbar.one", plot = FALSE))
}
charts <- work()
seconds <- median(sapply(1:3, function(i) system.time(work())[["elapsed"]]))
lines <- sapply(charts, function(chart) sprintf("[%.15g, %.15g, %.15g]", chart$center, chart$limits[1, 1], chart$limits[1, 2]))
beyond <- paste(charts[[1]]$violations$beyond.limits, collapse = ", ")
cat(sprintf('{"seconds": %.9g, "lines": [%s], "beyond": [%s]}\n', seconds, paste(lines, collapse = ", "), beyond))
