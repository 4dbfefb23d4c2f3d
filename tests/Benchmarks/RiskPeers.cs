using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Trading.Benchmarks;

/// <summary>The same operations by another tool, on the same numbers and one thread. Times are medians of 31 in milliseconds.</summary>
/// <param name="Name">The tool with its version.</param>
/// <param name="Tail">Historical VaR at 95 % and ES at 97.5 % of the equally weighted book, as losses.</param>
sealed record RiskPeer(string Name, double TailTime, double ShrunkTime, double[] Tail)
{
    const string Numpy = """
        import json, sys, time, numpy as np
        r = np.fromfile(sys.argv[1]).reshape(500, 1000); w = np.full(500, 1 / 500)
        x = np.ascontiguousarray(r[:, -252:].T)
        def tail():
            p = np.sort(w @ r)
            return -p[49], -p[:25].mean()
        def shrunk():
            d = x - x.mean(0); n, k = d.shape; s = d.T @ d / n; m = np.trace(s) / k
            dist = ((s - m * np.eye(k)) ** 2).sum(); noise = ((d ** 2).sum(1) ** 2).sum() / n ** 2 - (s ** 2).sum() / n
            a = min(1, noise / dist); return (1 - a) * s + a * m * np.eye(k)
        def median(f):
            t = []
            for _ in range(31):
                b = time.perf_counter(); f(); t.append(time.perf_counter() - b)
            return 1e3 * sorted(t)[15]
        print(json.dumps({"name": "numpy " + np.__version__, "tail": median(tail), "shrunk": median(shrunk), "numbers": tail()}))
        """;

    const string R = """
        r <- matrix(readBin(commandArgs(TRUE)[1], "double", 500000), nrow = 1000); w <- rep(1 / 500, 500); x <- r[749:1000, ]
        tail <- function() { p <- sort(drop(r %*% w)); c(-p[50], -mean(p[1:25])) }
        shrunk <- function() {
          d <- sweep(x, 2, colMeans(x)); n <- nrow(d); k <- ncol(d); s <- crossprod(d) / n; m <- sum(diag(s)) / k
          dist <- sum((s - diag(m, k))^2); noise <- sum(rowSums(d^2)^2) / n^2 - sum(s^2) / n
          a <- min(1, noise / dist); (1 - a) * s + diag(a * m, k)
        }
        now <- function() as.numeric(Sys.time())
        median31 <- function(f, inner) 1e3 * median(replicate(31, { b <- now(); for (i in 1:inner) f(); (now() - b) / inner }))
        numbers <- tail()
        cat(sprintf('{"name":"R %s.%s","tail":%.6f,"shrunk":%.6f,"numbers":[%.17g,%.17g]}',
                    R.version$major, R.version$minor, median31(tail, 10), median31(shrunk, 1), numbers[1], numbers[2]))
        """;

    /// <summary>Those that are installed.</summary>
    /// <param name="returns">500 symbols of 1,000 sessions.</param>
    public static async Task<RiskPeer[]> RunAsync(double[][] returns)
    {
        var file = Path.GetTempFileName();
        try
        {
            await using (var stream = File.Create(file))
                foreach (var symbol in returns) stream.Write(MemoryMarshal.AsBytes(symbol.AsSpan()));
            RiskPeer?[] peers = [await AskAsync("python3", ["-c", Numpy, file]), await AskAsync("Rscript", ["-e", R, file])];
            return [.. peers.OfType<RiskPeer>()];
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Null where the tool or its library is missing.</summary>
    static async Task<RiskPeer?> AskAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var library in new[] { "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS" })
            start.Environment[library] = "1";
        try
        {
            using var tool = Process.Start(start)!;
            var answer = await tool.StandardOutput.ReadToEndAsync();
            await tool.WaitForExitAsync();
            if (tool.ExitCode != 0) return null;
            var json = JsonDocument.Parse(answer).RootElement;
            return new(json.GetProperty("name").GetString()!, json.GetProperty("tail").GetDouble(), json.GetProperty("shrunk").GetDouble(),
                [.. json.GetProperty("numbers").EnumerateArray().Select(number => number.GetDouble())]);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
