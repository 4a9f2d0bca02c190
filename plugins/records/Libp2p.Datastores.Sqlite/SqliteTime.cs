namespace Libp2p.Datastores.Sqlite;

/// <summary>Moments as the file has them: ticks of 100 ns since the year 1, UTC.</summary>
internal static class SqliteTime
{
    public static long Of(DateTimeOffset moment) => moment.UtcTicks;

    /// <summary>When something expires; null: never.</summary>
    public static long? Expiry(DateTimeOffset now, TimeSpan? timeToLive) =>
        timeToLive is not { } time ? null : time > DateTimeOffset.MaxValue - now ? DateTimeOffset.MaxValue.UtcTicks : (now + time).UtcTicks;

    /// <summary>The moment of a number; what no moment is, as a damaged file may hold, is the last one.</summary>
    public static DateTimeOffset From(long ticks) => ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks ? DateTimeOffset.MaxValue : new DateTimeOffset(ticks, TimeSpan.Zero);
}
