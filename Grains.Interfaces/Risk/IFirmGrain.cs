using Orleans.Concurrency;

namespace Trading.Risk;

/// <summary>Stops and resumes all books, and knows whether the firm is stopped. Key: <see cref="GrainKeys.Firm"/>.</summary>
[Alias("trading.firm")]
public interface IFirmGrain : IGrainWithStringKey
{
    /// <summary>Stops every book, and every one that is opened later, until <see cref="ResumeAsync"/>. Durable before it is answered; books
    /// that do not confirm at once are asked again until they have.</summary>
    [Traced]
    Task<Outcome<FirmReport>> StopAsync(StopCommand command);

    /// <summary>Ends the firm's stop. Books that were stopped by themselves stay so.</summary>
    [Traced]
    Task<Outcome<FirmReport>> ResumeAsync(Sanction sanction);

    /// <summary>The newest order; null where the firm was never stopped.</summary>
    [AlwaysInterleave]
    [Traced]
    Task<FirmOrder?> GetOrderAsync();

    /// <summary>The newest order, and which books follow it.</summary>
    [AlwaysInterleave]
    [Traced]
    Task<FirmReport> GetReportAsync();
}
