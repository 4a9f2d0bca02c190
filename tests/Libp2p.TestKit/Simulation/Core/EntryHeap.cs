namespace Libp2p.TestKit;

/// <summary>Entries by time, then by the order in which they were set. Any can be taken out: timers that are set again and again leave nothing behind.</summary>
internal sealed class EntryHeap
{
    private readonly List<LoopEntry> _entries = [];

    public int Count => _entries.Count;

    public LoopEntry First => _entries[0];

    public void Add(LoopEntry entry)
    {
        _entries.Add(entry);
        Rise(entry, _entries.Count - 1);
    }

    public void Remove(LoopEntry entry)
    {
        var place = entry.Place;
        entry.Place = LoopEntry.Idle;
        var last = _entries[^1];
        _entries.RemoveAt(_entries.Count - 1);
        if (last == entry) return;
        if (place > 0 && IsBefore(last, _entries[(place - 1) / 2])) Rise(last, place);
        else Sink(last, place);
    }

    private static bool IsBefore(LoopEntry one, LoopEntry other) => one.Due < other.Due || (one.Due == other.Due && one.Sequence < other.Sequence);

    private void Rise(LoopEntry entry, int place)
    {
        while (place > 0 && IsBefore(entry, _entries[(place - 1) / 2]))
        {
            Put(_entries[(place - 1) / 2], place);
            place = (place - 1) / 2;
        }

        Put(entry, place);
    }

    private void Sink(LoopEntry entry, int place)
    {
        while ((2 * place) + 1 < _entries.Count)
        {
            var child = (2 * place) + 1;
            if (child + 1 < _entries.Count && IsBefore(_entries[child + 1], _entries[child])) child++;
            if (!IsBefore(_entries[child], entry)) break;
            Put(_entries[child], place);
            place = child;
        }

        Put(entry, place);
    }

    private void Put(LoopEntry entry, int place)
    {
        _entries[place] = entry;
        entry.Place = place;
    }
}
