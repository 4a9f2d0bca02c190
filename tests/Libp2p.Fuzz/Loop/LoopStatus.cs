namespace Libp2p.Fuzz.Loop;

/// <summary>How far a campaign is with one target.</summary>
/// <param name="Target">The target.</param>
/// <param name="Executions">Inputs run.</param>
/// <param name="PerSecond">Inputs a second, over all of it.</param>
/// <param name="Edges">Edges of the instrumented code that were taken.</param>
/// <param name="Features">Edges and how often they were taken.</param>
/// <param name="Queue">Inputs that each took something new.</param>
/// <param name="Findings">Defects that differ.</param>
internal sealed record LoopStatus(string Target, long Executions, double PerSecond, int Edges, int Features, int Queue, int Findings);
