namespace Trading.MarketData;

/// <summary>Takes bars in from bodies of any size: in bounded memory, reading only as fast as what it read is dealt with.</summary>
public interface IBarIntake
{
    /// <summary>Judges every bar as if it were the first time that its series is seen, with the corporate actions that are known; nothing
    /// is stored.</summary>
    /// <param name="input">CSV with a header, one JSON object per line, or one JSON array of objects; told apart by the first letter.</param>
    Task<ValidationReport> ValidateAsync(Stream input, IntakeRequest request, CancellationToken cancellation);

    /// <summary>Hands the bars to the grains of their symbols, in batches. A batch is stored as a whole or not at all; what was stored
    /// before something went wrong stays, and bringing it again changes nothing.</summary>
    Task<IngestReport> IngestAsync(Stream input, IntakeRequest request, CancellationToken cancellation);
}
