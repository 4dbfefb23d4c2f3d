namespace Trading.Hosting;

/// <summary>Ends a silo that is no longer in the membership table, so that it is started anew and joins. A Redis that came
/// back without what it knew has a new cluster from the first silo that starts; the others would go on beside it, each
/// with its books, and only the journal would tell them apart.</summary>
sealed partial class MembershipGuard(
    IMembershipTable table, ILocalSiloDetails silo, IHostApplicationLifetime host, TimeProvider clock,
    ILogger<MembershipGuard> log) : BackgroundService
{
    static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <summary>Looks in a row that do not find the silo.</summary>
    const int MostAbsences = 2;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, clock);
        var (seen, absences) = (false, 0);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var isThere = await IsThereAsync(stoppingToken);
            seen |= isThere == true;
            absences = seen && isThere == false ? absences + 1 : 0;
            if (absences < MostAbsences) continue;
            LogGone(silo.SiloAddress);
            host.StopApplication();
            return;
        }
    }

    /// <returns>Null where the table does not answer: nothing is known then.</returns>
    async Task<bool?> IsThereAsync(CancellationToken cancellation)
    {
        try
        {
            var members = (await table.ReadAllAsync(cancellation)).Members;
            return members.Any(member => member.Item1.SiloAddress.Equals(silo.SiloAddress));
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            return null; // Orleans tells of it, and goes on asking
        }
    }

    [LoggerMessage(
        LogLevel.Critical,
        "The silo {Silo} is not in the membership table any more: the table was lost. It ends, to be started anew.")]
    partial void LogGone(SiloAddress silo);
}
