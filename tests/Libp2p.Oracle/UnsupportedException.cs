namespace Libp2p.Oracle;

/// <summary>A question about something that this library does not have yet.</summary>
internal sealed class UnsupportedException(string what) : Exception($"unsupported: {what}");
