using System.CommandLine;
using Trading.Learning;

namespace Trading.Commands;

/// <summary><c>trading model splits</c>: what a plan would learn from and test, before anything is learned.</summary>
static class ModelSplitsCommand
{
    public static Command Create()
    {
        var sample = new SampleArguments();
        var command = new Command("splits", "Lists and draws what a plan learns from and tests, and what it leaves out so that nothing leaks. Nothing is trained.");
        sample.AddTo(command);
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() => ShowAsync(sample.Read(parsed, []), cancellation)));
        return command;
    }

    static async Task<int> ShowAsync(ValidationCase asked, CancellationToken cancellation)
    {
        var rows = asked.Rows(cancellation).Sample;
        if (asked.Splits(rows) is not { } plan)
        {
            await Console.Error.WriteLineAsync($"There are fewer than {TrainingSpec.LeastSessions} sessions with features and a label.");
            return Failure.Failed;
        }

        Write(plan, rows);
        foreach (var leak in SplitAudit.Leaks(plan, rows.Labels)) await Console.Error.WriteLineAsync(leak.ToString());
        return 0;
    }

    public static void Write(SplitPlan plan, Sample sample)
    {
        Console.WriteLine(FormattableString.Invariant(
            $"{plan.Method}: {plan.Splits.Length} splits of {sample.Count} rows{(plan.Paths.IsEmpty ? "" : $", {plan.Paths.Length} whole histories")}"));
        Console.WriteLine();
        Console.WriteLine(SplitText.List(plan, sample.Labels));
        Console.WriteLine(SplitText.Draw(plan, sample.Labels));
        Console.WriteLine(SplitText.Legend);
        Console.WriteLine();
    }
}
