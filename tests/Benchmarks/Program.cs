using BenchmarkDotNet.Running;
using Trading.Benchmarks;
using Trading.Benchmarks.Http;

// dotnet run -c Release --project tests/Benchmarks -- http | http-auth | journal | books | explain | data | risk | --filter '*TailRisk*'
switch (args)
{
    case ["echo", var port]:
        await EchoServer.RunAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
        break;
    case ["echo", var port, "jwt"]:
        await EchoServer.RunAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture), isGuarded: true);
        break;
    case ["silo-open", .. var settings]:
        await Trading.Hosting.TradingHost.Build(settings, isGuarded: false).RunAsync();
        break;
    case ["http-auth"]:
        await AuthBenchmarks.RunAsync(Console.Out);
        break;
    case ["http"]:
        await HttpBenchmarks.RunAsync(Console.Out);
        break;
    case ["risk"]:
        await RiskBenchmarks.RunAsync(Console.Out);
        break;
    case ["journal"]:
        await JournalBenchmarks.RunAsync(Console.Out);
        break;
    case ["data"]:
        await DataBenchmarks.RunAsync(Console.Out);
        break;
    case ["explain"]:
        await ExplainBenchmarks.RunAsync(Console.Out);
        break;
    case ["books"]:
        await BookBenchmarks.RunAsync(Console.Out);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(HttpBenchmarks).Assembly).Run(args);
        break;
}
