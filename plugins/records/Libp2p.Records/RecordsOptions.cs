namespace Libp2p.Records;

/// <summary>Options of records: <c>Libp2p:Plugins:records</c>.</summary>
public sealed class RecordsOptions : IValidatableOptions
{
    /// <summary>Most records that are kept. Default 1,024; 1 to 1,000,000.</summary>
    public int MaxRecords { get; set; } = 1024;

    /// <summary>Most bytes of one value. Default 65 KiB; 1 to 128 KiB.</summary>
    public int MaxValueLength { get; set; } = 65 * 1024;

    /// <summary>Most bytes of all keys and values together. Default 64 MiB; 1 KiB to 64 GiB.</summary>
    public long MaxBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>How long a record is kept after it came, however long it would be valid. Default 48 hours; 1 minute to 10 years.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromHours(48);

    /// <summary>
    /// How long the store waits, once it is full, before it looks again for records that have expired; each look reads all of them. Default 1 minute; 1 second to 1 day.
    /// </summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (MaxRecords is < 1 or > 1_000_000) yield return $"{nameof(MaxRecords)} is {MaxRecords}: allowed are 1 to 1,000,000; the default is 1,024.";
        if (MaxValueLength is < 1 or > 128 * 1024) yield return $"{nameof(MaxValueLength)} is {MaxValueLength}: allowed are 1 to 131,072 bytes; the default is 66,560.";
        if (MaxBytes is < 1024 or > 64L * 1024 * 1024 * 1024) yield return $"{nameof(MaxBytes)} is {MaxBytes}: allowed are 1 KiB to 64 GiB; the default is 64 MiB.";
        if (MaxAge < TimeSpan.FromMinutes(1) || MaxAge > TimeSpan.FromDays(3653)) yield return $"{nameof(MaxAge)} is {MaxAge}: allowed are 1 minute to 10 years; the default is 48 hours.";
        if (SweepInterval < TimeSpan.FromSeconds(1) || SweepInterval > TimeSpan.FromDays(1))
        {
            yield return $"{nameof(SweepInterval)} is {SweepInterval}: allowed are 1 second to 1 day; the default is 1 minute.";
        }
    }
}
